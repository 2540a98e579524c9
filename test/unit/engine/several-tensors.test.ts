import {describe, expect, it} from 'vitest';
import type {Graph, TensorData} from '../../../src/graph/graph.ts';
import {graphOf, node, perTensor, type TensorSpec} from '../../support/graph-builder.ts';
import {loadInNode} from '../../support/published-networks.ts';

/** Joins the columns of two inputs and gives the first four and the last of them. */
function joinAndCut(spec: Omit<TensorSpec, 'shape'>): Graph {
  const plane = (columns: number): TensorSpec => ({...spec, shape: [1, 2, 1, columns]});
  return graphOf(
    {a: plane(3), b: plane(2), all: plane(5), head: plane(4), tail: plane(1)},
    [
      node('Concat', ['a', 'b'], 'all', {axis: 3}),
      node('Slice', ['all'], 'head', {axes: [3], starts: [0], ends: [4]}),
      node('Slice', ['all'], 'tail', {axes: [3], starts: [4], ends: [5]}),
    ],
    {inputs: ['a', 'b'], outputs: ['tail', 'head']},
  );
}

const [a, b] = [
  [-128, -1, 0, 1, 2, 127],
  [-7, 7, -100, 100],
];
const tail = [7, 100];
const head = [-128, -1, 0, -7, 1, 2, 127, -100];

describe('a network of several inputs and outputs', () => {
  it.each(['onnx', 'tfjs'] as const)(
    'takes and gives them in its own order in float32 in %s',
    async (engine) => {
      const model = await loadInNode(joinAndCut({}), engine, 'float32');
      const outputs = await model.run([Float32Array.from(a), Float32Array.from(b)]);
      expect(listsOf(outputs)).toEqual([tail, head]);
      model.dispose();
    },
  );

  it.each(['xnnpack', 'gemmlowp'] as const)(
    'moves stored int8 values as they are, rounding as %s',
    async (rounding) => {
      const graph = joinAndCut({type: 'int8', quantisation: perTensor(0.37, -5)});
      const model = await loadInNode(graph, 'onnx', 'int8-exact', rounding);
      const outputs = await model.run([Int8Array.from(a), Int8Array.from(b)]);
      expect(outputs.every((values) => values instanceof Int8Array)).toBe(true);
      expect(listsOf(outputs)).toEqual([tail, head]);
      model.dispose();
    },
  );

  it.each(['onnx', 'tfjs'] as const)(
    'moves the real values of a quantised one in float32 in %s',
    async (engine) => {
      const graph = joinAndCut({type: 'int8', quantisation: perTensor(0.5, 0)});
      const model = await loadInNode(graph, engine, 'float32');
      const outputs = await model.run([Float32Array.from(a, half), Float32Array.from(b, half)]);
      expect(listsOf(outputs)).toEqual([tail.map(half), head.map(half)]);
      model.dispose();
    },
  );
});

function half(value: number): number {
  return value / 2;
}

function listsOf(outputs: readonly TensorData[]): readonly (readonly number[])[] {
  return outputs.map((values) => Array.from(values));
}
