import {describe, expect, it} from 'vitest';
import type {Graph, Node} from '../../../src/graph/graph.ts';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';
import {validateGraph} from '../../../src/graph/validate-graph.ts';
import {constant, graphOf, node, perTensor, type TensorSpec} from '../../support/graph-builder.ts';

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

function refusal(graph: Graph): string {
  try {
    validateGraph(graph);
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFormatError);
    return (error as ModelFormatError).message;
  }
  throw new Error('the graph was accepted');
}

describe('validateGraph accepts', () => {
  it.each([
    {
      graph: single(
        node('Conv', ['x', 'w'], 'y', {...conv, pads: [1, 0, 2, 0]}),
        [1, 4, 5, 5],
        [1, 6, 6, 4],
        {w: weights(6, 4, 3, 2)},
      ),
    },
    {
      graph: single(
        node('Conv', ['x', 'w'], 'y', {...conv, group: 4, strides: [2, 2]}),
        [1, 4, 5, 5],
        [1, 8, 2, 2],
        {w: weights(8, 1, 3, 3)},
      ),
    },
    {graph: single(node('Gemm', ['x', 'w'], 'y', {}), [2, 3], [2, 5], {w: weights(5, 3)})},
    {graph: single(node('AveragePool', ['x'], 'y', pool), [1, 2, 4, 4], [1, 2, 3, 3])},
    {graph: single(node('ReduceMean', ['x'], 'y', {axes: [1, 3], keepDims: false}), [1, 2, 3, 4], [1, 3])},
    {graph: single(node('Transpose', ['x'], 'y', {permutation: [1, 2, 0]}), [2, 3, 4], [3, 4, 2])},
    {graph: single(node('Pad', ['x'], 'y', {before: [0, 1], after: [2, 0], value: 0}), [2, 3], [4, 4])},
    {graph: single(node('Concat', ['x', 'w'], 'y', {axis: 1}), [2, 3], [2, 5], {w: weights(2, 2)})},
    {
      graph: single(
        node('Slice', ['x'], 'y', {axes: [2, 0], starts: [1, 0], ends: [4, 1]}),
        [2, 3, 4],
        [1, 3, 3],
      ),
    },
    {graph: single(node('Mul', ['x', 'w'], 'y', {}), [2, 1, 4], [2, 3, 4], {w: weights(3, 1)})},
    {graph: single(node('MatMul', ['x', 'w'], 'y', {}), [2, 4, 3], [2, 4, 5], {w: weights(3, 5)})},
    {
      graph: single(node('LayerNormalization', ['x', 'w', 'w'], 'y', {axis: 1, epsilon: 0}), [2, 3], [2, 3], {
        w: weights(3),
      }),
    },
    {
      graph: single(node('InstanceNormalization', ['x', 'w', 'w'], 'y', {epsilon: 0}), [2, 3, 4], [2, 3, 4], {
        w: weights(3),
      }),
    },
    {graph: single(node('Gelu', ['x'], 'y', {}), [2, 3], [2, 3])},
  ])('$graph.nodes.0.op with the shape it computes', ({graph}) => {
    expect(() => validateGraph(graph)).not.toThrow();
  });
});

describe('validateGraph refuses', () => {
  it.each([
    {
      title: 'a convolution of other channels',
      graph: single(node('Conv', ['x', 'w'], 'y', conv), [1, 3, 5, 5], [1, 6, 3, 3], {
        w: weights(6, 4, 3, 3),
      }),
      message:
        'got Conv of 3 channels with weights [6, 4, 3, 3] in 1 groups, expected input channels = group × weight channels, outputs a multiple of group',
    },
    {
      title: 'a bias of another length',
      graph: single(node('Gemm', ['x', 'w', 'b'], 'y', {}), [2, 3], [2, 5], {
        w: weights(5, 3),
        b: weights(4),
      }),
      message: 'got Gemm bias of shape [4], expected [5]',
    },
    {
      title: 'a declared shape that is not computed',
      graph: single(node('AveragePool', ['x'], 'y', pool), [1, 2, 4, 4], [1, 2, 4, 4]),
      message: 'got shape [1, 2, 4, 4] of y, expected [1, 2, 3, 3], which AveragePool computes',
    },
    {
      title: 'a pool window that would meet padding only',
      graph: single(node('MaxPool', ['x'], 'y', {...pool, pads: [2, 0, 0, 0]}), [1, 1, 4, 4], [1, 1, 5, 3]),
      message: 'got pool pads [2, 0, 0, 0], expected pads smaller than the kernel',
    },
    {
      title: 'a Reshape to another count',
      graph: single(node('Reshape', ['x'], 'y', {shape: [7]}), [2, 3], [7]),
      message: 'got Reshape of [2, 3] to [7], expected as many values before as after',
    },
    {
      title: 'a permutation that repeats',
      graph: single(node('Transpose', ['x'], 'y', {permutation: [0, 0]}), [2, 3], [2, 2]),
      message: 'got Transpose permutation [0, 0], expected each of the 2 dimensions once',
    },
    {
      title: 'a mean over nothing',
      graph: single(node('ReduceMean', ['x'], 'y', {axes: [], keepDims: true}), [2, 3], [2, 3]),
      message: 'got ReduceMean axes [], expected at least one axis, each once',
    },
    {
      title: 'negative pads',
      graph: single(node('Pad', ['x'], 'y', {before: [0, -1], after: [0, 0], value: 0}), [2, 3], [2, 2]),
      message: 'got Pad before [0, -1], after [0, 0], expected 2 counts of at least 0 each',
    },
    {
      title: 'a clamp whose bounds are swapped',
      graph: single(node('Clip', ['x'], 'y', {min: 6, max: 0}), [2], [2]),
      message: 'got Clip from 6 to 0, expected min ≤ max',
    },
    {
      title: 'parts that do not join',
      graph: single(node('Concat', ['x', 'w'], 'y', {axis: 1}), [2, 3], [2, 5], {w: weights(3, 2)}),
      message: 'got Concat input of shape [3, 0], expected [2, 0]',
    },
    {
      title: 'a Slice beyond the end',
      graph: single(node('Slice', ['x'], 'y', {axes: [1], starts: [1], ends: [4]}), [2, 3], [2, 3]),
      message:
        'got Slice of [2, 3] along [1] from [1] to [4], expected one start and one later end within the size for each axis',
    },
    {
      title: 'a Slice of nothing',
      graph: single(node('Slice', ['x'], 'y', {axes: [1], starts: [1], ends: [1]}), [2, 3], [2, 1]),
      message:
        'got Slice of [2, 3] along [1] from [1] to [1], expected one start and one later end within the size for each axis',
    },
    {
      title: 'a Slice that counts from the end',
      graph: single(node('Slice', ['x'], 'y', {axes: [1], starts: [-1], ends: [3]}), [2, 3], [2, 1]),
      message:
        'got Slice of [2, 3] along [1] from [-1] to [3], expected one start and one later end within the size for each axis',
    },
    {
      title: 'a Slice with an end too few',
      graph: single(node('Slice', ['x'], 'y', {axes: [0, 1], starts: [0, 0], ends: [1]}), [2, 3], [1, 3]),
      message:
        'got Slice of [2, 3] along [0, 1] from [0, 0] to [1], expected one start and one later end within the size for each axis',
    },
    {
      title: 'a Slice along an axis twice',
      graph: single(node('Slice', ['x'], 'y', {axes: [1, 1], starts: [0, 0], ends: [1, 1]}), [2, 3], [2, 1]),
      message: 'got Slice axes [1, 1], expected at least one axis, each once',
    },
    {
      title: 'an op with an input too many',
      graph: single(node('Relu', ['x', 'x'], 'y', {}), [2], [2]),
      message: 'got 2 inputs of Relu, expected 1',
    },
  ])('$title', ({graph, message}) => {
    expect(refusal(graph)).toBe(message);
  });

  const int8 = (zeroPoint: number): TensorSpec => ({
    shape: [2],
    type: 'int8',
    quantisation: perTensor(1, zeroPoint),
  });
  it.each([
    {
      title: 'ops that move stored values between different quantisations',
      graph: graphOf({x: int8(0), y: int8(1)}, [node('Reshape', ['x'], 'y', {shape: [2]})]),
      message: 'got different quantisation of x and y around Reshape, expected the same scale and zero point',
    },
    {
      title: 'Dequantize of what has no scale',
      graph: graphOf({x: {shape: [2], type: 'int8'}, y: {shape: [2]}}, [
        node('DequantizeLinear', ['x'], 'y', {}),
      ]),
      message:
        'got int8 tensor x with 0 scales at DequantizeLinear, expected int8 or uint8 with one scale and zero point',
    },
    {
      title: 'data of another length',
      graph: single(node('Add', ['x', 'k'], 'y', {}), [2], [2], {k: constant([2], new Float32Array(3))}),
      message: 'got 3 values in k, expected 2',
    },
    {
      title: 'data of another type',
      graph: single(node('Add', ['x', 'k'], 'y', {}), [2], [2], {
        k: {shape: [2], data: new Int8Array(2)},
      }),
      message: 'got Int8Array in float32 tensor k, expected Float32Array',
    },
    {
      title: 'a tensor that is not in the graph',
      graph: single(node('Relu', ['z'], 'y', {}), [2], [2]),
      message: 'got tensor z, which is not in the graph, expected a known name',
    },
  ])('$title', ({graph, message}) => {
    expect(refusal(graph)).toBe(message);
  });

  it('graphs without inputs or outputs', () => {
    const graph = single(node('Relu', ['x'], 'y', {}), [2], [2]);
    expect(refusal({...graph, outputs: []})).toBe('got no graph output, expected at least one');
    expect(refusal({...graph, outputs: ['y', 'y']})).toBe('got graph outputs y, y, expected each once');
  });
});
