import type {Graph} from '../../src/graph/graph.ts';
import {constant, graphOf, node, type TensorSpec} from './graph-builder.ts';
import {seededRandom} from './prng.ts';

/** A small float32 graph that shows one op, or two ops that must agree on the order of their axes. */
export interface OpCase {
  readonly title: string;
  readonly graph: Graph;
}

const random = seededRandom(7);

function weights(...shape: number[]): TensorSpec {
  return constant(shape, random.samples(shape.reduce((product, length) => product * length, 1)));
}

const image: TensorSpec = {shape: [1, 4, 6, 5]};
const unit = {strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1} as const;

function afterConvolution(
  title: string,
  second: ReturnType<typeof node>,
  shape: readonly number[],
  extra: Record<string, TensorSpec> = {},
): OpCase {
  const tensors = {x: image, w: weights(3, 4, 1, 1), c: {shape: [1, 3, 6, 5]}, y: {shape}, ...extra};
  return {
    title: `${title} after a convolution`,
    graph: graphOf(tensors, [node('Conv', ['x', 'w'], 'c', unit), second]),
  };
}

function single(
  title: string,
  second: ReturnType<typeof node>,
  shape: readonly number[],
  extra: Record<string, TensorSpec> = {},
): OpCase {
  return {title, graph: graphOf({x: image, y: {shape}, ...extra}, [second])};
}

const same = [1, 3, 6, 5];

/** Every op that runs in float32, in the places where its attributes matter. */
export const floatOpCases: readonly OpCase[] = [
  single(
    'Conv with strides and uneven pads',
    node('Conv', ['x', 'w', 'b'], 'y', {...unit, strides: [2, 1], pads: [0, 1, 1, 2]}),
    [1, 3, 3, 6],
    {w: weights(3, 4, 3, 3), b: weights(3)},
  ),
  single(
    'Conv with dilations, without bias',
    node('Conv', ['x', 'w'], 'y', {...unit, dilations: [2, 1]}),
    [1, 2, 2, 3],
    {w: weights(2, 4, 3, 3)},
  ),
  single(
    'depthwise Conv',
    node('Conv', ['x', 'w', 'b'], 'y', {...unit, pads: [1, 1, 1, 1], group: 4}),
    [1, 4, 6, 5],
    {w: weights(4, 1, 3, 3), b: weights(4)},
  ),
  single(
    'depthwise Conv with two filters a channel, strides and uneven pads',
    node('Conv', ['x', 'w', 'b'], 'y', {...unit, strides: [2, 2], pads: [0, 1, 1, 1], group: 4}),
    [1, 8, 3, 3],
    {w: weights(8, 1, 3, 3), b: weights(8)},
  ),
  {
    title: 'Gemm with bias',
    graph: graphOf({x: {shape: [2, 5]}, w: weights(3, 5), b: weights(3), y: {shape: [2, 3]}}, [
      node('Gemm', ['x', 'w', 'b'], 'y', {}),
    ]),
  },
  {
    title: 'Gemm without bias, with Relu',
    graph: graphOf({x: {shape: [1, 5]}, w: weights(4, 5), g: {shape: [1, 4]}, y: {shape: [1, 4]}}, [
      node('Gemm', ['x', 'w'], 'g', {}),
      node('Relu', ['g'], 'y', {}),
    ]),
  },
  afterConvolution('Relu', node('Relu', ['c'], 'y', {}), same),
  afterConvolution('Clip to 0…6', node('Clip', ['c'], 'y', {min: 0, max: 6}), same),
  afterConvolution('Clip to −0.3…0.4', node('Clip', ['c'], 'y', {min: -0.3, max: 0.4}), same),
  afterConvolution('LeakyRelu', node('LeakyRelu', ['c'], 'y', {alpha: 0.2}), same),
  single('LeakyRelu alone', node('LeakyRelu', ['x'], 'y', {alpha: 0.3}), image.shape),
  single('Relu alone', node('Relu', ['x'], 'y', {}), image.shape),
  single('Clip alone', node('Clip', ['x'], 'y', {min: 0, max: 6}), image.shape),
  afterConvolution('Sigmoid', node('Sigmoid', ['c'], 'y', {}), same),
  single(
    'AveragePool with pads that do not count',
    node('AveragePool', ['x'], 'y', {kernel: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1]}),
    [1, 4, 3, 3],
  ),
  single(
    'AveragePool over everything',
    node('AveragePool', ['x'], 'y', {kernel: [6, 5], strides: [6, 5], pads: [0, 0, 0, 0]}),
    [1, 4, 1, 1],
  ),
  single(
    'MaxPool with pads',
    node('MaxPool', ['x'], 'y', {kernel: [2, 3], strides: [1, 2], pads: [0, 1, 1, 1]}),
    [1, 4, 6, 3],
  ),
  afterConvolution(
    'ReduceMean over space, kept',
    node('ReduceMean', ['c'], 'y', {axes: [2, 3], keepDims: true}),
    [1, 3, 1, 1],
  ),
  afterConvolution(
    'ReduceMean over space, dropped',
    node('ReduceMean', ['c'], 'y', {axes: [2, 3], keepDims: false}),
    [1, 3],
  ),
  afterConvolution(
    'ReduceMean over rows, dropped',
    node('ReduceMean', ['c'], 'y', {axes: [2], keepDims: false}),
    [1, 3, 5],
  ),
  afterConvolution(
    'ReduceMean over channels, kept',
    node('ReduceMean', ['c'], 'y', {axes: [1], keepDims: true}),
    [1, 1, 6, 5],
  ),
  afterConvolution('Reshape', node('Reshape', ['c'], 'y', {shape: [1, 90]}), [1, 90]),
  afterConvolution('Transpose', node('Transpose', ['c'], 'y', {permutation: [0, 2, 3, 1]}), [1, 6, 5, 3]),
  afterConvolution(
    'Transpose of rows and columns',
    node('Transpose', ['c'], 'y', {permutation: [0, 1, 3, 2]}),
    [1, 3, 5, 6],
  ),
  afterConvolution(
    'Pad',
    node('Pad', ['c'], 'y', {before: [0, 1, 2, 0], after: [0, 0, 1, 3], value: -0.5}),
    [1, 4, 9, 8],
  ),
  afterConvolution(
    'Concat of channels with the input',
    node('Concat', ['c', 'x'], 'y', {axis: 1}),
    [1, 7, 6, 5],
  ),
  afterConvolution(
    'Concat of columns with a constant',
    node('Concat', ['c', 'k'], 'y', {axis: 3}),
    [1, 3, 6, 7],
    {k: weights(1, 3, 6, 2)},
  ),
  afterConvolution(
    'Slice of channels and columns',
    node('Slice', ['c'], 'y', {axes: [3, 1], starts: [1, 0], ends: [4, 2]}),
    [1, 2, 6, 3],
  ),
  single('Slice of rows', node('Slice', ['x'], 'y', {axes: [2], starts: [4], ends: [6]}), [1, 4, 2, 5]),
  afterConvolution('Softmax over channels', node('Softmax', ['c'], 'y', {axis: 1, beta: 1}), same),
  afterConvolution('Softmax over rows with beta', node('Softmax', ['c'], 'y', {axis: 2, beta: 0.5}), same),
  single('Softmax over the last axis', node('Softmax', ['x'], 'y', {axis: 3, beta: 1}), image.shape),
  afterConvolution('Add of the same shape', node('Add', ['c', 'k'], 'y', {}), same, {k: weights(1, 3, 6, 5)}),
  afterConvolution('Add of one number a channel', node('Add', ['c', 'k'], 'y', {}), same, {
    k: weights(3, 1, 1),
  }),
  afterConvolution('Mul by one number a column', node('Mul', ['c', 'k'], 'y', {}), same, {k: weights(5)}),
  afterConvolution('Mul by itself', node('Mul', ['c', 'c'], 'y', {}), same),
];
