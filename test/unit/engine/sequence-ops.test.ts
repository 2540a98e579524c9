import {describe, expect, it} from 'vitest';
import {nodeEngineAssets} from '../../../src/cli/node-engine-assets.ts';
import type {Model} from '../../../src/engine/engine.ts';
import {onnxEngine} from '../../../src/engine/onnx-model.ts';
import {tfjsEngine} from '../../../src/engine/tfjs-model.ts';
import type {Graph} from '../../../src/graph/graph.ts';
import {loadConstants} from '../../../src/graph/load-constants.ts';
import {ANY_LENGTH, elementCount} from '../../../src/graph/shape.ts';
import {tensorOf} from '../../../src/graph/tensor-of.ts';
import {validateGraph} from '../../../src/graph/validate-graph.ts';
import {seededRandom} from '../../support/prng.ts';
import {evaluateOutputs} from '../../support/reference-evaluator.ts';
import {recurrentNetwork, sequenceOpCases} from '../../support/sequence-op-cases.ts';

// float32 sums of some dozens of products of numbers below 2 in magnitude
const TOLERANCE = 1e-5;

function inputsFor(graph: Graph, length: number, seed: number): readonly Float32Array[] {
  const random = seededRandom(seed);
  return graph.inputs.map((name) => {
    const {shape} = tensorOf(graph, name);
    return random.samples(elementCount(shape.map((size) => (size === ANY_LENGTH ? length : size))), 2);
  });
}

const load = (graph: Graph): Promise<Model> =>
  onnxEngine.load(graph, {numerics: 'float32', assets: nodeEngineAssets()});

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(got, what).toHaveLength(expected.length);
  const worst = Array.from(expected).reduce(
    (most, value, index) => Math.max(most, Math.abs(value - got[index]!)),
    0,
  );
  expect(worst, what).toBeLessThan(TOLERANCE);
}

describe('the onnx engine', () => {
  it.each(sequenceOpCases)('computes $title as the definition says, at any length', async ({graph}) => {
    validateGraph(graph);
    const [model, reference] = await Promise.all([load(graph), loadConstants(graph)]);
    for (const length of [9, 4, 13]) {
      const inputs = inputsFor(graph, length, length);
      const outputs = await model.run(inputs);
      evaluateOutputs(reference, inputs).forEach((expected, index) => {
        expectClose(outputs[index]!, expected, `length ${length}, output ${index}`);
      });
    }
    model.dispose();
  });

  it('gives the same in pieces, with the state handed on, as in one', async () => {
    const model = await load(recurrentNetwork);
    const [x, ...states] = inputsFor(recurrentNetwork, 11, 5);
    const [whole, ...last] = await model.run([x!, ...states]);
    const pieces: number[] = [];
    let state: readonly Float32Array[] = states;
    for (const [from, to] of [
      [0, 1],
      [1, 6],
      [6, 11],
    ] as const) {
      const [piece, ...next] = await model.run([x!.slice(from * 4, to * 4), ...state]);
      pieces.push(...(piece as Float32Array));
      state = next.map((values) => Float32Array.from(values));
    }
    expectClose(pieces, whole!, 'outputs');
    last.forEach((values, index) => expectClose(state[index]!, values, `state ${index}`));
    model.dispose();
  });

  it('refuses an input that is no whole number of steps', async () => {
    const model = await load(recurrentNetwork);
    const [, ...states] = inputsFor(recurrentNetwork, 1, 5);
    await expect(model.run([new Float32Array(5), ...states])).rejects.toThrow(
      'input x: got 5 values, expected [1 × any × 4]',
    );
    model.dispose();
  });
});

it('TensorFlow.js says by name what it does not run', async () => {
  const missing = ['Gru', 'tensors of any length', 'constants to be loaded'];
  expect(tfjsEngine.unsupportedOps(recurrentNetwork)).toEqual(missing);
  await expect(
    tfjsEngine.load(recurrentNetwork, {numerics: 'float32', assets: nodeEngineAssets()}),
  ).rejects.toThrow(`got ops ${missing.join(', ')}`);
});
