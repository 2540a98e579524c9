import {
  add,
  avgPool,
  clipByValue,
  concat,
  leakyRelu,
  maxPool,
  mean,
  mul,
  pad,
  relu,
  relu6,
  reshape,
  sigmoid,
  slice,
  softmax,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type {Node, OpAttributes, OpName, Pads} from '../graph/graph.ts';
import type {TfjsOpName} from './tfjs-support.ts';
import {
  CHANNELS_LAST_ORDER,
  channelsFirstValue,
  placeOfAxis,
  reorder,
  toChannelsFirst,
  toChannelsLast,
  type Value,
} from './tfjs-value.ts';

/** Ops without weights of their own; Conv and Gemm are in `tfjs-weighted-ops.ts`. */
export type PlainOpName = Exclude<TfjsOpName, 'Conv' | 'Gemm'>;

type Inputs = readonly [Value, ...Value[]];

type Compute<Op extends OpName> = (inputs: Inputs, attributes: OpAttributes[Op]) => Value;

/** Padding as TensorFlow.js takes it: [before, after] for each axis of a channels-last tensor. */
export type ExplicitPadding = [[number, number], [number, number], [number, number], [number, number]];

/** Computes the node's value; call within `tidy`. */
export function computePlain(node: Extract<Node, {op: PlainOpName}>, inputs: Inputs): Value {
  const compute = computers[node.op] as Compute<OpName>;
  return compute(inputs, node.attributes);
}

const computers: {readonly [Op in PlainOpName]: Compute<Op>} = {
  AveragePool: ([x], {kernel, strides, pads}) =>
    channelsLastValue(avgPool(toChannelsLast(x), [...kernel], [...strides], paddingOf(pads))),
  MaxPool: ([x], {kernel, strides, pads}) =>
    channelsLastValue(maxPool(toChannelsLast(x), [...kernel], [...strides], paddingOf(pads))),
  ReduceMean: ([x], attributes) => reduceMean(x, attributes),
  Reshape: ([x], {shape}) => channelsFirstValue(reshape(toChannelsFirst(x), [...shape])),
  Transpose: ([x], {permutation}) =>
    channelsFirstValue(
      reorder(
        x.tensor,
        permutation.map((axis) => placeOfAxis(x, axis)),
      ),
    ),
  Pad: ([x], {before, after, value}) => {
    const axes = x.isChannelsLast ? CHANNELS_LAST_ORDER : before.map((_, axis) => axis);
    const paddings = axes.map((axis): [number, number] => [before[axis] ?? 0, after[axis] ?? 0]);
    return {...x, tensor: pad(x.tensor, paddings, value)};
  },
  Concat: (inputs, {axis}) => {
    const aligned = align(inputs);
    const tensor = concat(
      aligned.map((value) => value.tensor),
      placeOfAxis(aligned[0], axis),
    );
    return {...aligned[0], tensor};
  },
  Slice: ([x], {axes, starts, ends}) => {
    const first = x.tensor.shape.map(() => 0);
    const size = [...x.tensor.shape];
    axes.forEach((axis, index) => {
      const [place, start, end] = [placeOfAxis(x, axis), starts[index] ?? 0, ends[index] ?? 0];
      first[place] = start;
      size[place] = end - start;
    });
    return {...x, tensor: slice(x.tensor, first, size)};
  },
  Softmax: ([x], {axis, beta}) => {
    const scaled = beta === 1 ? x.tensor : mul(x.tensor, beta);
    return {...x, tensor: softmaxAlong(scaled, placeOfAxis(x, axis))};
  },
  Sigmoid: ([x]) => ({...x, tensor: sigmoid(x.tensor)}),
  Relu: ([x]) => ({...x, tensor: relu(x.tensor)}),
  Clip: ([x], {min, max}) => ({...x, tensor: clip(x.tensor, min, max)}),
  LeakyRelu: ([x], {alpha}) => ({...x, tensor: leakyRelu(x.tensor, alpha)}),
  Add: (inputs) => elementwise(add, inputs),
  Mul: (inputs) => elementwise(mul, inputs),
};

/** Pads in the graph's order as TensorFlow.js takes them. */
export function paddingOf([top, left, bottom, right]: Pads): ExplicitPadding {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

function channelsLastValue(tensor: Tensor): Value {
  return {tensor, isChannelsLast: true};
}

function reduceMean(x: Value, {axes, keepDims}: OpAttributes['ReduceMean']): Value {
  if (keepDims)
    return {
      ...x,
      tensor: mean(
        x.tensor,
        axes.map((axis) => placeOfAxis(x, axis)),
        true,
      ),
    };
  // dropping both spatial axes leaves [batch, channels] in either order; any other set may not
  const dropsSpatial =
    axes.length === 2 && axes.every((axis) => placeOfAxis(x, axis) === 1 || placeOfAxis(x, axis) === 2);
  const aligned = x.isChannelsLast && !dropsSpatial ? channelsFirstValue(toChannelsFirst(x)) : x;
  return channelsFirstValue(
    mean(
      aligned.tensor,
      axes.map((axis) => placeOfAxis(aligned, axis)),
    ),
  );
}

// TensorFlow.js normalises along the last axis only
function softmaxAlong(x: Tensor, place: number): Tensor {
  const last = x.rank - 1;
  if (place === last) return softmax(x);
  const swap = x.shape.map((_, axis) => (axis === place ? last : axis === last ? place : axis));
  return reorder(softmax(reorder(x, swap)), swap);
}

function clip(x: Tensor, min: number, max: number): Tensor {
  return min === 0 && max === 6 ? relu6(x) : clipByValue(x, min, max);
}

function elementwise(combine: (a: Tensor, b: Tensor) => Tensor, [a, b = a]: Inputs): Value {
  const rank = Math.max(a.tensor.rank, b.tensor.rank);
  const [left, right = left] = align([withRank(a, rank), withRank(b, rank)]);
  return {...left, tensor: combine(left.tensor, right.tensor)};
}

// broadcasting counts axes from the end of the graph's order: leading ones make that explicit before any reordering
function withRank(value: Value, rank: number): Value {
  const missing = rank - value.tensor.rank;
  if (missing === 0) return value;
  const ones = new Array<number>(missing).fill(1);
  return channelsFirstValue(reshape(toChannelsFirst(value), [...ones, ...toChannelsFirst(value).shape]));
}

// brings values that meet in one op into one order: channels last where any of them is
function align(values: Inputs): Inputs {
  if (!values.some(({isChannelsLast}) => isChannelsLast)) return values;
  const [first, ...others] = values;
  return [lastChannels(first), ...others.map(lastChannels)];
}

function lastChannels(value: Value): Value {
  return channelsLastValue(toChannelsLast(value));
}
