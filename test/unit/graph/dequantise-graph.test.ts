import {describe, expect, it} from 'vitest';
import {dequantiseGraph} from '../../../src/graph/dequantise-graph.ts';
import type {Graph, Quantisation} from '../../../src/graph/graph.ts';
import {validateGraph} from '../../../src/graph/validate-graph.ts';
import {constant, graphOf, node, perTensor, type TensorSpec} from '../../support/graph-builder.ts';
import {evaluateReference} from '../../support/reference-evaluator.ts';

const int8 = (shape: readonly number[], quantisation: Quantisation): TensorSpec => ({
  shape,
  type: 'int8',
  quantisation,
});
const conv = {strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1} as const;

function twinOf(graph: Graph): Graph {
  validateGraph(graph);
  const twin = dequantiseGraph(graph);
  validateGraph(twin);
  return twin;
}

describe('dequantiseGraph', () => {
  it('computes with the real values of weights, per channel, and of the bias, in the scale of the products', () => {
    const perChannel = {scale: Float32Array.of(0.5, 2), zeroPoint: Int32Array.of(0, 0), axis: 0};
    const wrongScale = perTensor(77, 0); // integer kernels never look at the bias's own scale
    const twin = twinOf(
      graphOf(
        {
          x: int8([1, 1, 1, 1], perTensor(0.25, 0)),
          w: constant([2, 1, 1, 1], Int8Array.of(3, -1), perChannel),
          b: constant([2], Int32Array.of(8, 100), wrongScale),
          y: int8([1, 2, 1, 1], perTensor(1, 0)),
        },
        [node('Conv', ['x', 'w', 'b'], 'y', conv)],
      ),
    );
    // 1.5 · x + 8 · 0.25 · 0.5 and −2 · x + 100 · 0.25 · 2
    expect(Array.from(evaluateReference(twin, [4]))).toEqual([7, 42]);
  });

  it('saturates where int8 does: at inputs and behind what can leave the range', () => {
    const twin = twinOf(
      graphOf(
        {
          x: int8([1, 3], perTensor(1, 0)),
          k: constant([1], Int8Array.of(100), perTensor(1, 0)),
          y: int8([1, 3], perTensor(1, -128)),
        },
        [node('Add', ['x', 'k'], 'y', {})],
      ),
    );
    // x stops at −128 and 127; y, whose zero point is −128, at 0 and 255: the ReLU that int8 needs no node for
    expect(Array.from(evaluateReference(twin, [-1000, 50, 1000]))).toEqual([0, 150, 227]);
  });

  it('adds no clamp behind ops that cannot leave the range', () => {
    const q = perTensor(0.1, 5);
    const twin = twinOf(
      graphOf(
        {
          x: int8([1, 2, 4, 4], q),
          p: int8([1, 2, 2, 2], q),
          r: int8([1, 8], q),
          y: int8([1, 8], perTensor(1 / 256, -128)),
        },
        [
          node('MaxPool', ['x'], 'p', {kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0]}),
          node('Reshape', ['p'], 'r', {shape: [1, 8]}),
          node('Softmax', ['r'], 'y', {axis: 1, beta: 1}),
        ],
      ),
    );
    expect(twin.nodes.map(({op}) => op)).toEqual(['Clip', 'MaxPool', 'Reshape', 'Softmax']);
  });

  it('removes Quantize and Dequantize, keeping the names and shapes of inputs and outputs', () => {
    const q = perTensor(0.5, 0);
    const twin = twinOf(
      graphOf({x: {shape: [1, 2]}, a: int8([1, 2], q), b: int8([1, 2], q), y: {shape: [1, 2]}}, [
        node('QuantizeLinear', ['x'], 'a', {}),
        node('Relu', ['a'], 'b', {}),
        node('DequantizeLinear', ['b'], 'y', {}),
      ]),
    );
    expect(twin.nodes.map(({op}) => op)).not.toContain('QuantizeLinear');
    expect(twin.nodes.map(({op}) => op)).not.toContain('DequantizeLinear');
    expect([twin.inputs, twin.outputs]).toEqual([['x'], ['y']]);
    expect(Array.from(evaluateReference(twin, [-3, 100]))).toEqual([0, 63.5]);
  });

  it('feeds readers of a Dequantize what it read', () => {
    const q = perTensor(0.5, 0);
    const twin = twinOf(
      graphOf({x: int8([1, 2], q), a: {shape: [1, 2]}, y: {shape: [1, 2]}}, [
        node('DequantizeLinear', ['x'], 'a', {}),
        node('Sigmoid', ['a'], 'y', {}),
      ]),
    );
    expect(twin.nodes.map(({op}) => op)).toEqual(['Clip', 'Sigmoid']);
  });

  it('leaves a float32 graph as it is', () => {
    const graph = graphOf({x: {shape: [1, 2]}, y: {shape: [1, 2]}}, [node('Relu', ['x'], 'y', {})]);
    expect(dequantiseGraph(graph)).toEqual(graph);
  });

  it('gives a bias that two layers share the scale of each', () => {
    const q = perTensor(1, 0);
    const twin = twinOf(
      graphOf(
        {
          x: int8([1, 1], q),
          w1: constant([1, 1], Int8Array.of(1), perTensor(0.5, 0)),
          w2: constant([1, 1], Int8Array.of(1), perTensor(2, 0)),
          b: constant([1], Int32Array.of(4)),
          a: int8([1, 1], q),
          y: int8([1, 1], q),
        },
        [node('Gemm', ['x', 'w1', 'b'], 'a', {}), node('Gemm', ['a', 'w2', 'b'], 'y', {})],
      ),
    );
    expect(Array.from(evaluateReference(twin, [6]))).toEqual([2 * (0.5 * 6 + 2) + 8]);
  });
});
