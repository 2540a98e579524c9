import {describe, expect, it} from 'vitest';
import {logSoftmaxInto} from '../../../src/decode/log-softmax.ts';
import type {Model} from '../../../src/engine/engine.ts';
import {createStates} from '../../../src/pipeline/create-states.ts';
import {RecurrentNetwork} from '../../../src/pipeline/recurrent-network.ts';
import {
  fakeChunkedModel,
  fakeChunkedSystem,
  fakeRecurrentModel,
  fakeRecurrentSystem,
  outputCountOf,
} from '../../support/fake-sequence-systems.ts';
import {FAKE_HOP, FAKE_LABELS, fakeTranscriptionSystem} from '../../support/fake-transcription-system.ts';
import {seededRandom} from '../../support/prng.ts';
import {runAcousticNetwork} from '../../support/run-acoustic-network.ts';

const TOKEN_COUNT = FAKE_LABELS.length;
const {recurrentPlan} = fakeRecurrentSystem;

const newNetwork = (onRun?: (rowCount: number) => void): RecurrentNetwork =>
  new RecurrentNetwork(fakeRecurrentSystem, fakeRecurrentModel(onRun), 'utterance');

/** Rows of the utterance, then some of zeros. */
function rowsOf(samples: Float32Array, zeroRowCount: number): Float32Array {
  const rows = new Float32Array(Math.floor(samples.length / FAKE_HOP) + zeroRowCount);
  const frontEnd = fakeTranscriptionSystem.createFrontEnd('utterance');
  frontEnd.push(samples);
  frontEnd.readRows(rows);
  return rows;
}

/** One run of the network over all rows, its states zeros. */
async function oneRun(model: Model, rows: Float32Array): Promise<number[]> {
  const states = createStates(model);
  const [logits] = await model.run([rows, ...states]);
  const logProbs = logits as Float32Array;
  logSoftmaxInto(logProbs, TOKEN_COUNT, logProbs);
  return [...logProbs];
}

describe('a network with states, run chunk by chunk', () => {
  it.each([1, 30, 31, 32, 33, 38, 39, 40, 41, 42, 49, 50, 59, 200, 411])(
    'gives exactly what one run over all %i rows gives, however the samples were cut',
    async (rowCount) => {
      const samples = seededRandom(rowCount).samples(rowCount * FAKE_HOP + 7, 0.9);
      const expected = await oneRun(fakeRecurrentModel(), rowsOf(samples, 0));
      expect(expected).toHaveLength(outputCountOf(rowCount, recurrentPlan) * TOKEN_COUNT);
      const network = newNetwork();
      for (const pieceLength of [samples.length, 160, 37, 592]) {
        expect(await runAcousticNetwork(network, samples, pieceLength)).toEqual({before: expected, anew: []});
      }
    },
  );

  it('never takes more rows than those of a chunk, so that an hour takes no more memory than a second', async () => {
    const rowCounts: number[] = [];
    const samples = seededRandom(1).samples(1000 * FAKE_HOP, 0.9);
    await runAcousticNetwork(
      newNetwork((rowCount) => rowCounts.push(rowCount)),
      samples,
      FAKE_HOP,
    );
    const {receptiveFrames, subsamplingFactor, stepOutputs} = recurrentPlan;
    expect(Math.max(...rowCounts)).toBe((stepOutputs - 1) * subsamplingFactor + receptiveFrames);
    expect(rowCounts).toHaveLength(Math.ceil(outputCountOf(1000, recurrentPlan) / stepOutputs));
  });

  it('runs as soon as a chunk is complete', async () => {
    const network = newNetwork();
    network.begin();
    network.push(new Float32Array(38 * FAKE_HOP));
    expect(await network.nextLogProbs()).toBeUndefined();
    network.push(new Float32Array(FAKE_HOP));
    expect((await network.nextLogProbs())?.logProbs).toHaveLength(recurrentPlan.stepOutputs * TOKEN_COUNT);
    expect(await network.nextLogProbs()).toBeUndefined();
    expect(network.stepSamples).toBe(10 * FAKE_HOP);
    expect(network.frameSamples).toBe(2 * FAKE_HOP);
  });

  it('says where the model gives another number of outputs than the plan', async () => {
    const model = {...fakeRecurrentModel(), run: async () => Promise.resolve([new Float32Array(8)])};
    const network = new RecurrentNetwork(fakeRecurrentSystem, model, 'utterance');
    network.push(new Float32Array(40 * FAKE_HOP));
    await expect(network.nextLogProbs()).rejects.toThrow('got 8 values of output, expected 20');
  });
});

describe('a network that is late, in chunks of one length', () => {
  const {receptiveFrames, subsamplingFactor, stepOutputs, delayOutputs = 0} = fakeChunkedSystem.recurrentPlan;
  const chunkRows = (stepOutputs - 1) * subsamplingFactor + receptiveFrames;
  const newChunked = (onRun?: (rowCount: number) => void): RecurrentNetwork =>
    new RecurrentNetwork(fakeChunkedSystem, fakeChunkedModel(onRun), 'utterance');

  it.each([0, 1, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 20, 21, 29, 200, 411])(
    'gives exactly what one run over all %i rows and the silence behind them gives of them',
    async (rowCount) => {
      const samples = seededRandom(rowCount).samples(rowCount * FAKE_HOP + 7, 0.9);
      const rows = rowsOf(samples, delayOutputs * subsamplingFactor);
      const expected = (await oneRun(fakeChunkedModel(), rows)).slice(delayOutputs * TOKEN_COUNT);
      const outputCount = outputCountOf(rowCount, fakeChunkedSystem.recurrentPlan);
      expect(expected).toHaveLength(outputCount * TOKEN_COUNT);
      const network = newChunked();
      for (const pieceLength of [samples.length, 160, 37, 592]) {
        expect(await runAcousticNetwork(network, samples, pieceLength)).toEqual({before: expected, anew: []});
      }
    },
  );

  it('never takes more or fewer rows than those of a chunk', async () => {
    const rowCounts = new Set<number>();
    const samples = seededRandom(1).samples(203 * FAKE_HOP, 0.9);
    await runAcousticNetwork(
      newChunked((rowCount) => rowCounts.add(rowCount)),
      samples,
      FAKE_HOP,
    );
    expect([...rowCounts]).toEqual([chunkRows]);
  });

  it('gives what it knows as soon as a chunk is complete, which at first is nothing', async () => {
    const network = newChunked();
    const countOutputs = async (): Promise<number | undefined> => {
      const output = await network.nextLogProbs();
      return output && output.logProbs.length / TOKEN_COUNT;
    };
    network.begin();
    network.push(new Float32Array((chunkRows - 1) * FAKE_HOP));
    expect(await countOutputs()).toBeUndefined();
    network.push(new Float32Array((1 + 2 * stepOutputs * subsamplingFactor) * FAKE_HOP));
    expect([await countOutputs(), await countOutputs(), await countOutputs()]).toEqual([0, 2, 4]);
    expect(await countOutputs()).toBeUndefined();
    expect(network.stepSamples).toBe(8 * FAKE_HOP);
  });

  it('is refused for chunks of another length', () => {
    const model = fakeChunkedModel();
    const recurrentPlan = {...fakeChunkedSystem.recurrentPlan, stepOutputs: 5};
    expect(() => new RecurrentNetwork({...fakeChunkedSystem, recurrentPlan}, model, 'utterance')).toThrow(
      'got first input rows of float32 [1, 13, 1], expected float32 of 15 rows of 1 values',
    );
  });
});

describe('a network that does not fit', () => {
  const refusal = (change: (graph: ReturnType<typeof fakeRecurrentModel>['graph']) => object): string => {
    const model = fakeRecurrentModel();
    const graph = {...model.graph, ...change(model.graph)};
    try {
      new RecurrentNetwork(fakeRecurrentSystem, {...model, graph}, 'utterance');
      return '';
    } catch (error) {
      return String(error);
    }
  };

  it('is refused for rows of a fixed number', () => {
    expect(refusal(({tensors}) => ({tensors: withShape(tensors, 'rows', [1, 40, 1])}))).toContain(
      'got first input rows of float32 [1, 40, 1], expected float32 of any number of rows of 1 values',
    );
  });

  it('is refused where a state changes its shape', () => {
    expect(refusal(({tensors}) => ({tensors: withShape(tensors, 'nextSlow', [1, 1, 3])}))).toContain(
      'got state slow of float32 [1, 1, 2] and float32 [1, 1, 3] after it, expected float32 of one known shape',
    );
  });

  it('is refused where a state is taken and not given', () => {
    expect(refusal(() => ({outputs: ['logits', 'nextFast']}))).toContain('got 3 inputs and 2 outputs');
  });

  type Tensors = ReturnType<typeof fakeRecurrentModel>['graph']['tensors'];
  const withShape = (tensors: Tensors, name: string, shape: readonly number[]): Tensors =>
    new Map([...tensors].map(([key, tensor]) => [key, key === name ? {...tensor, shape} : tensor]));
});
