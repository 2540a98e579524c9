import type {KeywordSystem} from '../../src/systems/keyword-system.ts';
import {KWS_FRAME_COUNT, kwsMfccOptions} from '../../src/systems/kws-front-end.ts';
import type {Graph, Tensor} from '../../src/graph/graph.ts';
import type {Model} from '../../src/engine/engine.ts';

const FRAME_COUNT = KWS_FRAME_COUNT;
const COEFFICIENT_COUNT = kwsMfccOptions.coefficientCount;
const LABELS = ['_silence_', '_unknown_', 'yes', 'no'];

function floatTensor(name: string, shape: readonly number[]): Tensor {
  return {name, type: 'float32', shape};
}

function fakeGraph(): Graph {
  return {
    name: 'fake',
    inputs: ['input'],
    outputs: ['output'],
    tensors: new Map([
      ['input', floatTensor('input', [1, FRAME_COUNT * COEFFICIENT_COUNT])],
      ['output', floatTensor('output', [1, LABELS.length])],
    ]),
    nodes: [],
  };
}

/** A system with the front end of the published keyword models, four labels, and no network of its own. */
export const fakeKeywordSystem = {
  card: {
    id: 'fake',
    title: 'Fake',
    task: 'keyword-spotting',
    labels: LABELS,
    rejectLabels: ['_silence_', '_unknown_'],
    weights: {name: 'fake.safetensors', format: 'safetensors', accepted: []},
    licence: 'none',
    attribution: 'none',
    source: 'none',
    defaults: {engine: 'tfjs', numerics: 'float32', threshold: 0.5},
  },
  mfcc: kwsMfccOptions,
  frameCount: FRAME_COUNT,
  output: 'posteriors',
  buildGraph: fakeGraph,
} satisfies KeywordSystem;

/** A model whose answer is whatever the function says of the window [frameCount × coefficientCount]. */
export function fakeModel(answer: (features: Float32Array) => Float32Array | Promise<Float32Array>): Model {
  return {
    engine: 'tfjs',
    numerics: 'float32',
    threadCount: 1,
    graph: fakeGraph(),
    run: async ([features]) => [await answer(features as Float32Array)],
    dispose: () => undefined,
  };
}

/**
 * A model that hears "yes" in windows whose last but tenth frame is loud: c0 there is above that of silence, as for
 * a word that ended 200 ms before the window does.
 */
export const loudIsYes: Model = fakeModel((features) => {
  const c0 = features[(FRAME_COUNT - 10) * COEFFICIENT_COUNT] ?? 0;
  return c0 > -100 ? new Float32Array([0, 0, 1, 0]) : new Float32Array([1, 0, 0, 0]);
});
