import {describe, expect, it} from 'vitest';
import {cancelTransposes} from '../../../src/graph/cancel-transposes.ts';
import type {Graph, Node, OpName} from '../../../src/graph/graph.ts';
import {CHANNELS_FIRST, CHANNELS_LAST} from '../../../src/graph/permutation.ts';
import {elementCount} from '../../../src/graph/shape.ts';
import {validateGraph} from '../../../src/graph/validate-graph.ts';
import {maxAbsDifference} from '../../support/arrays.ts';
import {constant, graphOf, node, perTensor, type TensorSpec} from '../../support/graph-builder.ts';
import {seededRandom} from '../../support/prng.ts';
import {evaluateReference} from '../../support/reference-evaluator.ts';

const random = seededRandom(52);
const NHWC = [1, 4, 3, 2];
const NCHW = [1, 2, 4, 3];
const conv = {strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1} as const;

const toFirst = (from: string, to: string): Node =>
  node('Transpose', [from], to, {permutation: CHANNELS_FIRST});
const toLast = (from: string, to: string): Node =>
  node('Transpose', [from], to, {permutation: CHANNELS_LAST});
const weights = (outputs: number, inputs: number): TensorSpec =>
  constant([outputs, inputs, 1, 1], random.samples(outputs * inputs));

/** Runs the pass, checks the result against the original on random input, and gives it back. */
function cancelled(graph: Graph): Graph {
  validateGraph(graph);
  const result = cancelTransposes(graph);
  validateGraph(result);
  expect(result.inputs).toEqual(graph.inputs);
  expect(result.outputs.map((name) => result.tensors.get(name)?.shape)).toEqual(
    graph.outputs.map((name) => graph.tensors.get(name)?.shape),
  );
  const x = random.samples(elementCount(graph.tensors.get(graph.inputs[0] ?? '')?.shape ?? []));
  expect(maxAbsDifference(evaluateReference(result, x), evaluateReference(graph, x))).toBeLessThan(1e-12);
  return result;
}

const ops = (graph: Graph): OpName[] => graph.nodes.map(({op}) => op);

/** Two convolutions in NHWC clothes with one node between them that reads `a` and writes `b`. */
function between(middle: Node, b: readonly number[] = NHWC, extra: Record<string, TensorSpec> = {}): Graph {
  const [n = 1, h = 1, w = 1, c = 1] = b;
  return graphOf(
    {
      x: {shape: NCHW},
      w1: weights(2, 2),
      c1: {shape: NCHW},
      a: {shape: NHWC},
      ...extra,
      b: {shape: b},
      c2: {shape: [n, c, h, w]},
      w2: weights(3, c),
      y: {shape: [n, 3, h, w]},
    },
    [
      node('Conv', ['x', 'w1'], 'c1', conv),
      toLast('c1', 'a'),
      middle,
      toFirst('b', 'c2'),
      node('Conv', ['c2', 'w2'], 'y', conv),
    ],
  );
}

describe('cancelTransposes', () => {
  it('drops a pair that undoes itself', () => {
    const graph = graphOf({x: {shape: NCHW}, a: {shape: NHWC}, b: {shape: NCHW}, y: {shape: NCHW}}, [
      toLast('x', 'a'),
      toFirst('a', 'b'),
      node('Relu', ['b'], 'y', {}),
    ]);
    expect(ops(cancelled(graph))).toEqual(['Relu']);
  });

  it('keeps one transpose where two do not undo one another', () => {
    const graph = graphOf({x: {shape: NHWC}, a: {shape: NCHW}, y: {shape: [1, 3, 2, 4]}}, [
      toFirst('x', 'a'),
      node('Transpose', ['a'], 'y', {permutation: [0, 3, 1, 2]}),
    ]);
    const result = cancelled(graph);
    expect(result.nodes).toMatchObject([{op: 'Transpose', attributes: {permutation: [0, 2, 3, 1]}}]);
  });

  const channel = constant([2], Float32Array.of(1, -1));
  it.each([
    {title: 'Relu', graph: between(node('Relu', ['a'], 'b', {}))},
    {title: 'Clip', graph: between(node('Clip', ['a'], 'b', {min: 0, max: 0.5}))},
    {title: 'LeakyRelu', graph: between(node('LeakyRelu', ['a'], 'b', {alpha: 0.1}))},
    {title: 'Sigmoid', graph: between(node('Sigmoid', ['a'], 'b', {}))},
    {
      title: 'Add of a constant per channel',
      graph: between(node('Add', ['a', 'k'], 'b', {}), NHWC, {k: channel}),
    },
    {
      title: 'Mul by a constant per channel, on the left',
      graph: between(node('Mul', ['k', 'a'], 'b', {}), NHWC, {k: channel}),
    },
    {
      title: 'Mul by a scalar',
      graph: between(node('Mul', ['a', 'k'], 'b', {}), NHWC, {k: constant([], Float32Array.of(3))}),
    },
    {title: 'Add of two of a kind', graph: between(node('Add', ['a', 'a'], 'b', {}))},
    {
      title: 'Pad',
      graph: between(
        node('Pad', ['a'], 'b', {before: [0, 1, 0, 0], after: [0, 0, 2, 1], value: 0.5}),
        [1, 5, 5, 3],
      ),
    },
    {title: 'Concat', graph: between(node('Concat', ['a', 'a'], 'b', {axis: 3}), [1, 4, 3, 4])},
    {
      title: 'Slice',
      graph: between(node('Slice', ['a'], 'b', {axes: [2, 1], starts: [1, 0], ends: [3, 3]}), [1, 3, 2, 2]),
    },
    {
      title: 'ReduceMean',
      graph: between(node('ReduceMean', ['a'], 'b', {axes: [1, 2], keepDims: true}), [1, 1, 1, 2]),
    },
  ])('moves transposes through $title until they cancel', ({graph}) => {
    expect(ops(cancelled(graph))).toEqual(['Conv', graph.nodes[2]?.op, 'Conv']);
  });

  it('leaves the transpose where the constant beside it would have to be copied into another order', () => {
    const k = constant(NHWC, random.samples(24));
    expect(ops(cancelled(between(node('Add', ['a', 'k'], 'b', {}), NHWC, {k})))).toContain('Transpose');
  });

  it('keeps Softmax over the dimension it had', () => {
    const graph = between(node('Softmax', ['a'], 'b', {axis: 3, beta: 1}));
    expect(ops(cancelled(graph))).toEqual(['Conv', 'Transpose', 'Softmax', 'Transpose', 'Conv']);
  });

  it('renumbers what a mean without kept dimensions leaves', () => {
    const graph = graphOf({x: {shape: [2, 3, 4]}, t: {shape: [4, 2, 3]}, y: {shape: [4, 3]}}, [
      node('Transpose', ['x'], 't', {permutation: [2, 0, 1]}),
      node('ReduceMean', ['t'], 'y', {axes: [1], keepDims: false}),
    ]);
    cancelled(graph);
  });

  it('leaves nothing behind where a mean takes the dimensions that were moved', () => {
    const graph = graphOf({x: {shape: NCHW}, a: {shape: NHWC}, y: {shape: [1, 2]}}, [
      toLast('x', 'a'),
      node('ReduceMean', ['a'], 'y', {axes: [1, 2], keepDims: false}),
    ]);
    expect(ops(cancelled(graph))).toEqual(['ReduceMean']);
  });

  it('computes a transpose once for all who need it', () => {
    const tensors = {
      x: {shape: NHWC},
      a: {shape: NCHW},
      b: {shape: NCHW},
      w: weights(2, 2),
      p: {shape: NCHW},
      q: {shape: NCHW},
      y: {shape: NCHW},
    };
    const graph = graphOf(tensors, [
      toFirst('x', 'a'),
      toFirst('x', 'b'),
      node('Conv', ['a', 'w'], 'p', conv),
      node('Conv', ['b', 'w'], 'q', conv),
      node('Add', ['p', 'q'], 'y', {}),
    ]);
    expect(ops(cancelled(graph)).filter((op) => op === 'Transpose')).toHaveLength(1);
  });

  it('makes a Reshape of a transpose that moves no value, and one Reshape of several', () => {
    const graph = graphOf(
      {
        x: {shape: [1, 12]},
        i: {shape: [1, 4, 3, 1]},
        c: {shape: [1, 1, 4, 3]},
        w: weights(2, 1),
        p: {shape: [1, 2, 4, 3]},
        y: {shape: [1, 24]},
      },
      [
        node('Reshape', ['x'], 'i', {shape: [1, 4, 3, 1]}),
        toFirst('i', 'c'),
        node('Conv', ['c', 'w'], 'p', conv),
        node('Reshape', ['p'], 'y', {shape: [1, 24]}),
      ],
    );
    expect(ops(cancelled(graph))).toEqual(['Reshape', 'Conv', 'Reshape']);
  });

  it('keeps the values in order where a real transpose meets a Reshape', () => {
    const graph = graphOf({x: {shape: NCHW}, a: {shape: NHWC}, y: {shape: [1, 24]}}, [
      toLast('x', 'a'),
      node('Reshape', ['a'], 'y', {shape: [1, 24]}),
    ]);
    expect(ops(cancelled(graph))).toEqual(['Transpose', 'Reshape']);
  });

  it('still computes an output that equals another tensor', () => {
    const graph = graphOf({x: {shape: NCHW}, a: {shape: NHWC}, y: {shape: NCHW}}, [
      toLast('x', 'a'),
      toFirst('a', 'y'),
    ]);
    expect(cancelled(graph).outputs).toEqual(['y']);
  });

  it('carries the quantisation of what it moves', () => {
    const q = {type: 'int8', quantisation: perTensor(0.1, 3)} as const;
    const graph = graphOf(
      {x: {shape: NCHW, ...q}, a: {shape: NHWC, ...q}, b: {shape: NHWC, ...q}, y: {shape: NCHW, ...q}},
      [toLast('x', 'a'), node('Relu', ['a'], 'b', {}), toFirst('b', 'y')],
    );
    const result = cancelTransposes(graph);
    validateGraph(result);
    expect([...result.tensors.values()].every(({quantisation}) => quantisation === q.quantisation)).toBe(
      true,
    );
  });
});
