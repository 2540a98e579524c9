import type {Model} from '../../src/engine/engine.ts';
import type {Graph, Tensor, TensorData} from '../../src/graph/graph.ts';
import {ANY_LENGTH} from '../../src/graph/shape.ts';
import type {
  ChunkedSystem,
  RecurrentPlan,
  RecurrentSystem,
  TranscriptionFrontEnd,
  WholeUtterancePlan,
  WholeUtteranceSystem,
} from '../../src/systems/transcription-system.ts';
import {FAKE_LABELS, fakeTranscriptionSystem} from './fake-transcription-system.ts';

const {card, sampleRateHz} = fakeTranscriptionSystem;
const createPeaks = (): TranscriptionFrontEnd => fakeTranscriptionSystem.createFrontEnd('utterance');
const TOKEN_COUNT = FAKE_LABELS.length;

/** A graph of which nothing is run: its inputs and outputs with their shapes. */
function interfaceOf(
  inputs: Readonly<Record<string, readonly number[]>>,
  outputs: Readonly<Record<string, readonly number[]>>,
): Graph {
  const tensors = Object.entries({...inputs, ...outputs}).map(([name, shape]): [string, Tensor] => [
    name,
    {name, type: 'float32', shape},
  ]);
  return {
    name: 'fake',
    inputs: Object.keys(inputs),
    outputs: Object.keys(outputs),
    tensors: new Map(tensors),
    nodes: [],
  };
}

function modelOf(graph: Graph, run: Model['run']): Model {
  return {engine: 'onnx', numerics: 'float32', threadCount: 1, graph, run, dispose: () => undefined};
}

/** Outputs that so many rows are enough for. */
export function outputCountOf(
  rowCount: number,
  {receptiveFrames, subsamplingFactor}: Pick<RecurrentPlan, 'receptiveFrames' | 'subsamplingFactor'>,
): number {
  return Math.max(0, Math.floor((rowCount - receptiveFrames) / subsamplingFactor) + 1);
}

const recurrentPlan: RecurrentPlan = {receptiveFrames: 31, subsamplingFactor: 2, stepOutputs: 5};

/** A transcriber with states; its rows are peaks of 10 ms. */
export const fakeRecurrentSystem: RecurrentSystem = {
  kind: 'recurrent',
  card,
  sampleRateHz,
  output: 'logits',
  createFrontEnd: createPeaks,
  recurrentPlan,
  precisions: ['float32'],
  buildGraph: recurrentGraph,
};

/** Two states, as if there were two layers. */
function recurrentGraph(): Graph {
  return interfaceOf(
    {rows: [1, ANY_LENGTH, 1], fast: [1, 1, 1], slow: [1, 1, 2]},
    {logits: [1, ANY_LENGTH, TOKEN_COUNT], nextFast: [1, 1, 1], nextSlow: [1, 1, 2]},
  );
}

/**
 * A network whose outputs depend on all rows up to the last of their own: logit 0 is a sum that fades over a
 * difference of the rows, logits 1 and 2 count outputs and add up peaks.
 * @param onRun told the number of rows.
 */
export function fakeRecurrentModel(onRun: (rowCount: number) => void = () => undefined): Model {
  return modelOf(recurrentGraph(), async ([rows, fast, slow]) => {
    const {receptiveFrames, subsamplingFactor} = recurrentPlan;
    const given = rows as TensorData;
    onRun(given.length);
    let [faded = NaN] = fast as TensorData;
    let [count = NaN, sum = NaN] = slow as TensorData;
    const logits = new Float32Array(outputCountOf(given.length, recurrentPlan) * TOKEN_COUNT);
    for (let output = 0; output * TOKEN_COUNT < logits.length; output++) {
      const seen = given.slice(output * subsamplingFactor, output * subsamplingFactor + receptiveFrames);
      faded = Math.fround(0.9 * faded + (seen[0] ?? NaN) - (seen[receptiveFrames - 1] ?? NaN));
      count = Math.fround(count + 1);
      sum = Math.fround(sum + (seen[15] ?? NaN));
      logits.set([faded, count / 100, sum / 10], output * TOKEN_COUNT);
    }
    return Promise.resolve([logits, Float32Array.of(faded), Float32Array.of(count, sum)]);
  });
}

const chunkPlan: RecurrentPlan = {receptiveFrames: 7, subsamplingFactor: 2, stepOutputs: 4, delayOutputs: 6};

/** A transcriber with a state that is six outputs, a chunk and a half, late; its rows are peaks of 10 ms. */
export const fakeChunkedSystem: ChunkedSystem = {
  kind: 'chunked',
  card,
  sampleRateHz,
  output: 'logits',
  createFrontEnd: createPeaks,
  recurrentPlan: chunkPlan,
  buildGraph: chunkedGraph,
};

/** The state is what was seen of the outputs that are yet to come. */
function chunkedGraph(): Graph {
  const {receptiveFrames, subsamplingFactor, stepOutputs, delayOutputs = 0} = chunkPlan;
  const rowCount = (stepOutputs - 1) * subsamplingFactor + receptiveFrames;
  return interfaceOf(
    {rows: [1, rowCount, 1], seen: [1, delayOutputs]},
    {logits: [1, stepOutputs, TOKEN_COUNT], nextSeen: [1, delayOutputs]},
  );
}

/**
 * A network that is late: logit 0 is the sum of the rows of an output, logit 1 that of the output for which it has waited.
 * @param onRun told the number of rows.
 */
export function fakeChunkedModel(onRun: (rowCount: number) => void = () => undefined): Model {
  return modelOf(chunkedGraph(), async ([rows, seen]) => {
    const {receptiveFrames, subsamplingFactor, delayOutputs = 0} = chunkPlan;
    const given = rows as TensorData;
    onRun(given.length);
    const sums = [...(seen as TensorData)];
    const logits = new Float32Array(outputCountOf(given.length, chunkPlan) * TOKEN_COUNT);
    for (let output = 0; output * TOKEN_COUNT < logits.length; output++) {
      const own = given.slice(output * subsamplingFactor, output * subsamplingFactor + receptiveFrames);
      sums.push([...own].reduce((sum, value) => Math.fround(sum + value), 0));
      logits.set([sums.at(-1 - delayOutputs) ?? NaN, sums.at(-1) ?? NaN], output * TOKEN_COUNT);
    }
    return Promise.resolve([logits, Float32Array.from(sums.slice(-delayOutputs))]);
  });
}

const wholeUtterancePlan: WholeUtterancePlan = {
  receptiveFrames: 5,
  subsamplingFactor: 2,
  maxFrames: 400,
  partial: {windowFrames: 40, contextFrames: 8},
};

/** Peaks of 10 ms less the loudest of them: a row depends on the whole utterance. Gives none before `finish`. */
class LevelledFrontEnd implements TranscriptionFrontEnd {
  readonly featureCount = 1;
  readonly hopLength: number;
  readonly #peaks = createPeaks();
  #isFinished = false;
  #rows: number[] | undefined;

  constructor() {
    this.hopLength = this.#peaks.hopLength;
  }

  push(samples: Float32Array): void {
    this.#peaks.push(samples);
  }

  finish(): void {
    this.#isFinished = true;
  }

  readRows(out: Float32Array): number {
    if (!this.#isFinished) return 0;
    this.#rows ??= this.#readAll();
    const rows = this.#rows.splice(0, out.length);
    out.set(rows);
    return rows.length;
  }

  reset(): void {
    this.#peaks.reset();
    this.#isFinished = false;
    this.#rows = undefined;
  }

  #readAll(): number[] {
    const peaks = new Float32Array(1000);
    const rows = [...peaks.subarray(0, this.#peaks.readRows(peaks))];
    const loudest = Math.max(...rows);
    return rows.map((row) => row - loudest);
  }
}

/** A transcriber that must see utterances as a whole. */
export const fakeWholeUtteranceSystem: WholeUtteranceSystem = {
  kind: 'whole-utterance',
  card,
  sampleRateHz,
  output: 'logits',
  createFrontEnd: () => new LevelledFrontEnd(),
  wholeUtterancePlan,
  precisions: ['float32'],
  buildGraph: wholeUtteranceGraph,
};

function wholeUtteranceGraph(): Graph {
  return interfaceOf({rows: [1, ANY_LENGTH]}, {logits: [1, ANY_LENGTH, TOKEN_COUNT]});
}

/**
 * A network that answers by a function of all rows.
 * @param answer gives [outputCount × tokenCount].
 */
export function fakeWholeUtteranceModel(answer: (rows: TensorData) => Float32Array): Model {
  return modelOf(wholeUtteranceGraph(), async ([rows]) => Promise.resolve([answer(rows as TensorData)]));
}

/** Logit 0 of an output is its first row, logit 1 the number of rows of the run in hundreds. */
export function firstRowLogits(rows: TensorData): Float32Array {
  const outputCount = outputCountOf(rows.length, wholeUtterancePlan);
  const logits = new Float32Array(outputCount * TOKEN_COUNT);
  for (let output = 0; output < outputCount; output++) {
    logits[output * TOKEN_COUNT] = rows[output * wholeUtterancePlan.subsamplingFactor] ?? NaN;
    logits[output * TOKEN_COUNT + 1] = rows.length / 100;
  }
  return logits;
}
