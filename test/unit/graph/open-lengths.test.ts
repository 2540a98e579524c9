import {describe, expect, it} from 'vitest';
import {cancelTransposes} from '../../../src/graph/cancel-transposes.ts';
import {dequantiseGraph} from '../../../src/graph/dequantise-graph.ts';
import type {Graph, Node} from '../../../src/graph/graph.ts';
import {loadConstants} from '../../../src/graph/load-constants.ts';
import {openParts} from '../../../src/graph/open-parts.ts';
import {findReusableColumns} from '../../../src/graph/reusable-columns.ts';
import {ANY_LENGTH, shapeOfValues} from '../../../src/graph/shape.ts';
import {validateGraph} from '../../../src/graph/validate-graph.ts';
import {constant, graphOf, node, type TensorSpec} from '../../support/graph-builder.ts';
import {recurrentNetwork} from '../../support/sequence-op-cases.ts';

const any = ANY_LENGTH;
const conv = {strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1} as const;
const pool = {kernel: [2, 2], strides: [1, 1], pads: [0, 0, 0, 0]} as const;
const weights = (...shape: number[]): TensorSpec => {
  return constant(shape, new Float32Array(shape.reduce((count, size) => count * size, 1)));
};

function single(
  step: Node,
  x: readonly number[],
  y: readonly number[],
  extra: Record<string, TensorSpec> = {},
): Graph {
  return graphOf({x: {shape: x}, ...extra, y: {shape: y}}, [step]);
}

describe('validateGraph carries a length that is known only when the network runs', () => {
  it.each([
    {
      graph: single(
        node('Conv', ['x', 'w'], 'y', {...conv, pads: [0, 64, 0, 63], strides: [1, 2]}),
        [1, 4, 5, any],
        [1, 6, 3, any],
        {
          w: weights(6, 4, 3, 128),
        },
      ),
    },
    {graph: single(node('Gemm', ['x', 'w'], 'y', {}), [any, 3], [any, 5], {w: weights(5, 3)})},
    {graph: single(node('AveragePool', ['x'], 'y', pool), [1, 2, 4, any], [1, 2, 3, any])},
    {graph: single(node('ReduceMean', ['x'], 'y', {axes: [1], keepDims: false}), [1, any, 3], [1, 3])},
    {graph: single(node('Reshape', ['x'], 'y', {shape: [any, 2, 4]}), [1, any, 8], [any, 2, 4])},
    {graph: single(node('Transpose', ['x'], 'y', {permutation: [1, 2, 0]}), [2, any, 4], [any, 4, 2])},
    {graph: single(node('Pad', ['x'], 'y', {before: [0, 1], after: [2, 0], value: 0}), [any, 3], [any, 4])},
    {graph: single(node('Concat', ['x', 'w'], 'y', {axis: 0}), [any, 3], [any, 3], {w: weights(2, 3)})},
    {graph: single(node('Slice', ['x'], 'y', {axes: [1], starts: [1], ends: [3]}), [any, 3], [any, 2])},
    {graph: single(node('Add', ['x', 'w'], 'y', {}), [any, 3], [any, 3], {w: weights(3)})},
    {graph: single(node('MatMul', ['x', 'w'], 'y', {}), [2, any, 3], [2, any, 5], {w: weights(3, 5)})},
  ])('through $graph.nodes.0.op', ({graph}) => {
    expect(() => validateGraph(graph)).not.toThrow();
  });
});

const gruTensors = {
  w: weights(1, 6, 3),
  r: weights(1, 6, 2),
  b: weights(1, 12),
  h: {shape: [1, 1, 2]},
  y: {shape: [any, 1, 1, 2]},
  hN: {shape: [1, 1, 2]},
};
const gru: Node = {op: 'Gru', inputs: ['x', 'w', 'r', 'b', 'h'], outputs: ['y', 'hN'], attributes: {}};

describe('validateGraph takes a Gru', () => {
  const ends = {inputs: ['x', 'h'], outputs: ['y', 'hN']};
  it('with a state that goes in and comes out', () => {
    const graph = graphOf({x: {shape: [any, 1, 3]}, ...gruTensors}, [gru], ends);
    expect(() => validateGraph(graph)).not.toThrow();
  });

  it('but none of other widths', () => {
    const graph = graphOf({x: {shape: [any, 1, 4]}, ...gruTensors}, [gru], ends);
    expect(() => validateGraph(graph)).toThrow('got Gru weights of shape [1, 6, 3], expected [1, 6, 4]');
  });

  it('but none without its second output', () => {
    const broken = {...gru, outputs: ['y']};
    const graph = graphOf({x: {shape: [any, 1, 3]}, ...gruTensors}, [broken], {...ends, outputs: ['y']});
    expect(() => validateGraph(graph)).toThrow('got 1 outputs of Gru, expected 2');
  });
});

describe('validateGraph refuses', () => {
  it.each([
    {
      title: 'an input of two unknown sizes',
      graph: single(node('Relu', ['x'], 'y', {}), [any, any], [any, any]),
      message: 'got graph input x of shape [any, any], expected one size of any length at most',
    },
    {
      title: 'an unknown size where a known one is needed',
      graph: single(node('Add', ['x', 'w'], 'y', {}), [any, 3], [any, 3], {w: weights(2, 3)}),
      message: 'got operands of shapes [any, 3] and [2, 3], expected shapes that broadcast to one another',
    },
    {
      title: 'a Reshape that mixes an unknown size with others',
      graph: single(node('Reshape', ['x'], 'y', {shape: [any, 4]}), [any, 8], [any, 4]),
      message: 'got Reshape of [any, 8] to [any, 4], expected as many values before as after',
    },
    {
      title: 'a Slice of an unknown size',
      graph: single(node('Slice', ['x'], 'y', {axes: [0], starts: [0], ends: [2]}), [any, 8], [2, 8]),
      message:
        'got Slice of [any, 8] along [0] from [0] to [2], expected one start and one later end within the size for each axis',
    },
    {
      title: 'a normalisation over an unknown size',
      graph: single(
        node('LayerNormalization', ['x', 'w', 'w'], 'y', {axis: 0, epsilon: 1e-5}),
        [any, 3],
        [any, 3],
        {w: weights(3)},
      ),
      message: 'got LayerNormalization of [any, 3], expected known sizes',
    },
    {
      title: 'matrices that do not fit',
      graph: single(node('MatMul', ['x', 'w'], 'y', {}), [any, 3], [any, 5], {w: weights(5, 3)}),
      message:
        'got MatMul of [any, 3] and [5, 3], expected matrices of which the first is as wide as the second is high',
    },
    {
      title: 'a constant of unknown size',
      graph: single(node('Add', ['x', 'w'], 'y', {}), [any, 3], [any, 3], {
        w: {shape: [any, 3], load: () => Promise.resolve(new Float32Array(3))},
      }),
      message: 'got shape [any, 3] of w, expected positive whole sizes',
    },
    {
      title: 'an op of sequences in integers',
      graph: graphOf({x: {shape: [2], type: 'int8'}, y: {shape: [2], type: 'int8'}}, [
        node('Gelu', ['x'], 'y', {}),
      ]),
      message: 'got int8 tensor x at Gelu, expected float32',
    },
  ])('$title', ({graph, message}) => {
    expect(() => validateGraph(graph)).toThrow(message);
  });
});

describe('a constant whose values are elsewhere', () => {
  const values = Float32Array.of(1, 2, 3);
  const graph = single(node('Add', ['x', 'w'], 'y', {}), [any, 3], [any, 3], {
    w: {shape: [3], load: () => Promise.resolve(values)},
  });

  it('is a constant like others', () => {
    expect(() => validateGraph(graph)).not.toThrow();
  });

  it('has them at hand once they are loaded', async () => {
    const {tensors} = await loadConstants(graph);
    expect(tensors.get('w')).toEqual({name: 'w', type: 'float32', shape: [3], data: values});
  });

  it('is named, as unknown sizes are, to engines that lay out memory as they load', () => {
    expect(openParts(graph)).toEqual(['tensors of any length', 'constants to be loaded']);
  });
});

it('a transpose of two unknown sizes past one another stays a transpose', () => {
  const graph = graphOf(
    {
      x: {shape: [2, any, 3]},
      a: {shape: [2, any, 3]},
      b: {shape: [2, 3, any]},
      c: {shape: [2, any, any]},
      y: {shape: [any, 2, any]},
    },
    [
      node('Relu', ['x'], 'a', {}),
      node('Transpose', ['x'], 'b', {permutation: [0, 2, 1]}),
      node('MatMul', ['a', 'b'], 'c', {}),
      node('Transpose', ['c'], 'y', {permutation: [1, 0, 2]}),
    ],
  );
  validateGraph(graph);
  expect(() => validateGraph(cancelTransposes(graph))).not.toThrow();
});

it('a network with several outputs of a node is its own float32 twin', () => {
  const {nodes, tensors, inputs, outputs} = dequantiseGraph(recurrentNetwork);
  expect({nodes, inputs, outputs}).toEqual({
    nodes: recurrentNetwork.nodes,
    inputs: recurrentNetwork.inputs,
    outputs: recurrentNetwork.outputs,
  });
  expect(tensors).toEqual(recurrentNetwork.tensors);
});

it('windows of any length have no columns to reuse', () => {
  const question = {frameCount: 4, shift: 1};
  expect(() => findReusableColumns(recurrentNetwork, question)).toThrow(
    'got an input of [1, any, 4], expected 4 whole frames',
  );
});

it('the length of an input is told by how many values it has', () => {
  expect(shapeOfValues([1, any, 161], 322)).toEqual([1, 2, 161]);
  expect(shapeOfValues([1, any, 161], 323)).toBeUndefined();
  expect(shapeOfValues([1, any, 161], 0)).toBeUndefined();
  expect(shapeOfValues([2, 3], 6)).toEqual([2, 3]);
  expect(shapeOfValues([2, 3], 12)).toBeUndefined();
});
