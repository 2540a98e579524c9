import type {Model} from '../../src/engine/engine.ts';
import type {Graph, Tensor, TensorData} from '../../src/graph/graph.ts';
import type {
  TranscriptionFrontEnd,
  WindowedSystem,
  WindowPlan,
} from '../../src/systems/transcription-system.ts';

/** Samples of one row: 10 ms at 16 kHz, as most systems have it. */
export const FAKE_HOP = 160;
/** Tokens of the fake system: two letters, the space and the blank. */
export const FAKE_LABELS = ['a', 'b', ' ', '<blank>'];

const plan: WindowPlan = {
  windowFrames: 40,
  leftContextFrames: 8,
  rightContextFrames: 6,
  subsamplingFactor: 2,
};

function tensor(name: string, shape: readonly number[]): Tensor {
  return {name, type: 'float32', shape};
}

function fakeGraph(): Graph {
  const outputs = plan.windowFrames / plan.subsamplingFactor;
  return {
    name: 'fake',
    inputs: ['rows'],
    outputs: ['logits'],
    tensors: new Map([
      ['rows', tensor('rows', [1, plan.windowFrames, 1])],
      ['logits', tensor('logits', [1, outputs, FAKE_LABELS.length])],
    ]),
    nodes: [],
  };
}

/** One row is the loudest sample of 10 ms. */
class PeakFrontEnd implements TranscriptionFrontEnd {
  readonly featureCount = 1;
  readonly hopLength = FAKE_HOP;
  #samples: number[] = [];

  push(samples: Float32Array): void {
    this.#samples.push(...samples);
  }

  finish(): void {
    // no row waits for what comes after it
  }

  readRows(out: Float32Array): number {
    let rowCount = 0;
    while (rowCount < out.length && this.#samples.length >= FAKE_HOP) {
      out[rowCount++] = Math.max(...this.#samples.splice(0, FAKE_HOP));
    }
    return rowCount;
  }

  reset(): void {
    this.#samples = [];
  }
}

/** A transcriber whose rows are peaks of 10 ms and whose outputs are 20 ms apart. */
export const fakeTranscriptionSystem: WindowedSystem = {
  kind: 'windowed',
  card: {
    id: 'fake',
    title: 'Fake',
    task: 'transcription',
    labels: FAKE_LABELS,
    blankId: 3,
    spaceId: 2,
    weights: {name: 'fake.safetensors', format: 'safetensors', accepted: []},
    licence: 'none',
    attribution: 'none',
    source: 'none',
    defaults: {engine: 'tfjs', numerics: 'float32'},
  },
  sampleRateHz: 16_000,
  windowPlan: plan,
  output: 'logits',
  createFrontEnd: () => new PeakFrontEnd(),
  buildGraph: fakeGraph,
};

/**
 * A network with a reach: the first logit of an output is the sum of the rows from 8 before to 5 after its first row,
 * zeros where the window ends. So it tells where a window was cut within its reach.
 */
export function reachingLogits(rows: TensorData): Float32Array {
  const {windowFrames, subsamplingFactor, leftContextFrames, rightContextFrames} = plan;
  const logits = new Float32Array((windowFrames / subsamplingFactor) * FAKE_LABELS.length);
  for (let output = 0; output * subsamplingFactor < windowFrames; output++) {
    const row = output * subsamplingFactor;
    let sum = 0;
    for (let at = row - leftContextFrames; at < row + rightContextFrames; at++) sum += rows[at] ?? 0;
    logits[output * FAKE_LABELS.length] = sum;
  }
  return logits;
}

/** A model that answers by a function of the window's rows. */
export function fakeTranscriptionModel(answer: (rows: TensorData) => Float32Array): Model {
  return {
    engine: 'tfjs',
    numerics: 'float32',
    threadCount: 1,
    graph: fakeGraph(),
    run: async ([rows]) => Promise.resolve([answer(rows as TensorData)]),
    dispose: () => undefined,
  };
}
