import {describe, expect, it} from 'vitest';
import {logSoftmaxInto} from '../../../src/decode/log-softmax.ts';
import {WindowedNetwork} from '../../../src/pipeline/windowed-network.ts';
import {
  FAKE_HOP,
  FAKE_LABELS,
  fakeTranscriptionModel,
  fakeTranscriptionSystem,
  reachingLogits,
} from '../../support/fake-transcription-system.ts';
import {seededRandom} from '../../support/prng.ts';
import {runAcousticNetwork} from '../../support/run-acoustic-network.ts';

const TOKEN_COUNT = FAKE_LABELS.length;
const {windowPlan} = fakeTranscriptionSystem;

/** What the whole utterance gives a network that sees all of it at once. */
function reference(samples: Float32Array): number[] {
  const rowCount = Math.floor(samples.length / FAKE_HOP);
  const rows = Array.from({length: rowCount}, (_, row) =>
    Math.max(...samples.subarray(row * FAKE_HOP, (row + 1) * FAKE_HOP)),
  );
  const outputCount = Math.floor(rowCount / windowPlan.subsamplingFactor);
  const logits = new Float32Array(outputCount * TOKEN_COUNT);
  for (let output = 0; output < outputCount; output++) {
    const row = output * windowPlan.subsamplingFactor;
    const seen = rows.slice(
      Math.max(0, row - windowPlan.leftContextFrames),
      row + windowPlan.rightContextFrames,
    );
    logits[output * TOKEN_COUNT] = seen.reduce((sum, value) => sum + value, 0);
  }
  logSoftmaxInto(logits, TOKEN_COUNT, logits);
  return [...logits];
}

const newNetwork = (): WindowedNetwork =>
  new WindowedNetwork(fakeTranscriptionSystem, fakeTranscriptionModel(reachingLogits), 'utterance');

describe('windows slid over an utterance', () => {
  it.each([2, 3, 39, 40, 41, 42, 66, 67, 92, 93, 94, 200, 411])(
    'give what one window over all %i rows would, however the samples were cut',
    async (rowCount) => {
      const samples = seededRandom(rowCount).samples(rowCount * FAKE_HOP + 7, 0.9);
      const expected = reference(samples);
      const network = newNetwork();
      for (const pieceLength of [samples.length, 160, 37, 592]) {
        const {before: got} = await runAcousticNetwork(network, samples, pieceLength);
        expect(got.length).toBe(expected.length);
        got.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 4));
      }
    },
  );

  it('give nothing for an utterance without a row', async () => {
    expect(await runAcousticNetwork(newNetwork(), new Float32Array(FAKE_HOP - 1), 50)).toEqual({
      before: [],
      anew: [],
    });
  });

  it('come as soon as they are complete, so that an hour takes no more memory than a second', async () => {
    let windowCount = 0;
    const model = fakeTranscriptionModel((rows) => {
      windowCount++;
      return reachingLogits(rows);
    });
    const network = new WindowedNetwork(fakeTranscriptionSystem, model, 'utterance');
    network.begin();
    network.push(new Float32Array((windowPlan.windowFrames + 1) * FAKE_HOP));
    expect((await network.nextLogProbs())?.logProbs).toHaveLength(
      ((windowPlan.windowFrames - windowPlan.rightContextFrames) / windowPlan.subsamplingFactor) *
        TOKEN_COUNT,
    );
    expect(windowCount).toBe(1);
    expect(await network.nextLogProbs()).toBeUndefined();
  });
});

describe('with silence before the utterance', () => {
  const system = {...fakeTranscriptionSystem, windowPlan: {...windowPlan, leadIn: 'zeros' as const}};
  const newEarlyNetwork = (): WindowedNetwork =>
    new WindowedNetwork(system, fakeTranscriptionModel(reachingLogits), 'utterance');

  it.each([2, 3, 26, 33, 40, 41, 66, 200])('the outputs of %i rows are the same', async (rowCount) => {
    const samples = seededRandom(rowCount).samples(rowCount * FAKE_HOP, 0.9);
    const expected = reference(samples);
    const network = newEarlyNetwork();
    for (const pieceLength of [samples.length, 160]) {
      const {before: got} = await runAcousticNetwork(network, samples, pieceLength);
      expect(got.length).toBe(expected.length);
      got.forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 4));
    }
  });

  it('the first window waits for no more rows than the others', async () => {
    const {windowFrames, leftContextFrames} = windowPlan;
    const network = newEarlyNetwork();
    network.push(new Float32Array((windowFrames - leftContextFrames) * FAKE_HOP));
    expect(await network.nextLogProbs()).toBeUndefined();
    network.push(new Float32Array(FAKE_HOP));
    const stepFrames = network.stepSamples / FAKE_HOP;
    expect((await network.nextLogProbs())?.logProbs).toHaveLength(
      (stepFrames / windowPlan.subsamplingFactor) * TOKEN_COUNT,
    );
  });
});

describe('a network of another shape', () => {
  it('is refused with got and expected', () => {
    const model = fakeTranscriptionModel(reachingLogits);
    const system = {...fakeTranscriptionSystem, windowPlan: {...windowPlan, windowFrames: 80}};
    expect(() => new WindowedNetwork(system, model, 'utterance')).toThrow(
      'input rows [1,40,1], expected one input of 80 values',
    );
  });
});

describe('posteriors', () => {
  it('become logarithms above a floor', async () => {
    const posteriors = new Float32Array(20 * TOKEN_COUNT);
    posteriors.fill(0.25, 0, TOKEN_COUNT);
    const system = {...fakeTranscriptionSystem, output: 'posteriors' as const};
    const network = new WindowedNetwork(
      system,
      fakeTranscriptionModel(() => posteriors),
      'utterance',
    );
    network.begin();
    network.push(new Float32Array(4 * FAKE_HOP));
    network.finish();
    const logProbs = (await network.nextLogProbs())?.logProbs;
    expect(logProbs?.[0]).toBeCloseTo(Math.log(0.25));
    expect(logProbs?.[TOKEN_COUNT]).toBeCloseTo(Math.log(1e-8));
    expect(await network.nextLogProbs()).toBeUndefined();
  });
});
