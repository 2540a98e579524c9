import type {Graph, Node} from '../../src/graph/graph.ts';
import {ANY_LENGTH} from '../../src/graph/shape.ts';
import {constant, graphOf, node, type TensorSpec} from './graph-builder.ts';
import {seededRandom} from './prng.ts';

/** A small float32 network that takes inputs of any length. */
export interface SequenceCase {
  readonly title: string;
  readonly graph: Graph;
}

const any = ANY_LENGTH;
const random = seededRandom(23);

function weights(...shape: number[]): TensorSpec {
  return constant(shape, random.samples(shape.reduce((product, length) => product * length, 1)));
}

/** Weights whose values are elsewhere until the network is loaded. */
function loaded(...shape: number[]): TensorSpec {
  const {data} = weights(...shape);
  return {shape, load: () => Promise.resolve(data as Float32Array)};
}

const unit = {strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1} as const;

/** The gates' weights of one layer that is as wide as its input, by the first letter of its tensors' names. */
function gruWeights(prefix: string, units: number, width: number): Record<string, TensorSpec> {
  return {
    [`${prefix}w`]: loaded(1, 3 * units, width),
    [`${prefix}r`]: loaded(1, 3 * units, units),
    [`${prefix}b`]: weights(1, 6 * units),
    [`${prefix}h`]: {shape: [1, 1, units]},
    [`${prefix}n`]: {shape: [1, 1, units]},
    [`${prefix}y`]: {shape: [any, 1, 1, units]},
  };
}

function gru(prefix: string, x: string): Node {
  const inputs = [x, ...['w', 'r', 'b', 'h'].map((name) => prefix + name)];
  return {op: 'Gru', inputs, outputs: [`${prefix}y`, `${prefix}n`], attributes: {}};
}

/** Two layers of recurrent units, each with a state that goes in and comes out. */
export const recurrentNetwork: Graph = graphOf(
  {
    x: {shape: [1, any, 4]},
    t: {shape: [any, 1, 4]},
    ...gruWeights('1', 5, 4),
    m: {shape: [any, 1, 5]},
    ...gruWeights('2', 3, 5),
    y: {shape: [1, any, 3]},
  },
  [
    node('Transpose', ['x'], 't', {permutation: [1, 0, 2]}),
    gru('1', 't'),
    node('Reshape', ['1y'], 'm', {shape: [any, 1, 5]}),
    gru('2', 'm'),
    node('Reshape', ['2y'], 'y', {shape: [1, any, 3]}),
  ],
  {inputs: ['x', '1h', '2h'], outputs: ['y', '1n', '2n']},
);

/** Attention of two heads over all steps, with its scale in the softmax. */
const attention: Graph = graphOf(
  {
    x: {shape: [any, 4]},
    ...Object.fromEntries(['q', 'k', 'v'].map((name) => [`${name}w`, loaded(4, 4)])),
    b: weights(4),
    ...Object.fromEntries(['q', 'k', 'v', 'o'].map((name) => [name, {shape: [any, 4]}])),
    ...Object.fromEntries(['q', 'k', 'v', 'o'].map((name) => [`${name}h`, {shape: [any, 2, 2]}])),
    ...Object.fromEntries(['q', 'v', 'a'].map((name) => [`${name}t`, {shape: [2, any, 2]}])),
    kt: {shape: [2, 2, any]},
    s: {shape: [2, any, any]},
    p: {shape: [2, any, any]},
    y: {shape: [any, 4]},
  },
  [
    ...['q', 'k', 'v'].flatMap((name) => [
      node('Gemm', ['x', `${name}w`, 'b'], name, {}),
      node('Reshape', [name], `${name}h`, {shape: [any, 2, 2]}),
      node('Transpose', [`${name}h`], `${name}t`, {permutation: name === 'k' ? [1, 2, 0] : [1, 0, 2]}),
    ]),
    node('MatMul', ['qt', 'kt'], 's', {}),
    node('Softmax', ['s'], 'p', {axis: 2, beta: 0.5}),
    node('MatMul', ['p', 'vt'], 'at', {}),
    node('Transpose', ['at'], 'oh', {permutation: [1, 0, 2]}),
    node('Reshape', ['oh'], 'y', {shape: [any, 4]}),
  ],
);

/** Every op of the larger networks, and those that it has in common with others, on inputs of any length. */
export const sequenceOpCases: readonly SequenceCase[] = [
  {
    title: 'MatMul with a weight',
    graph: graphOf({x: {shape: [1, any, 3]}, w: loaded(3, 5), y: {shape: [1, any, 5]}}, [
      node('MatMul', ['x', 'w'], 'y', {}),
    ]),
  },
  {
    title: 'MatMul of stacks that broadcast',
    graph: graphOf({x: {shape: [2, 1, any, 3]}, w: weights(4, 3, 2), y: {shape: [2, 4, any, 2]}}, [
      node('MatMul', ['x', 'w'], 'y', {}),
    ]),
  },
  {
    title: 'Gru with two items and its last state',
    graph: graphOf(
      {
        x: {shape: [any, 2, 3]},
        ...gruWeights('', 4, 3),
        h: {shape: [1, 2, 4]},
        n: {shape: [1, 2, 4]},
        y: {shape: [any, 1, 2, 4]},
      },
      [gru('', 'x')],
      {inputs: ['x', 'h'], outputs: ['y', 'n']},
    ),
  },
  {title: 'two layers of Gru', graph: recurrentNetwork},
  {
    title: 'LayerNormalization over the last dimension',
    graph: graphOf({x: {shape: [1, any, 6]}, s: weights(6), b: weights(6), y: {shape: [1, any, 6]}}, [
      node('LayerNormalization', ['x', 's', 'b'], 'y', {axis: 2, epsilon: 1e-3}),
    ]),
  },
  {
    title: 'LayerNormalization over two dimensions',
    graph: graphOf({x: {shape: [any, 2, 3]}, s: weights(2, 3), b: weights(2, 3), y: {shape: [any, 2, 3]}}, [
      node('LayerNormalization', ['x', 's', 'b'], 'y', {axis: 1, epsilon: 1e-5}),
    ]),
  },
  {
    title: 'InstanceNormalization over time',
    graph: graphOf({x: {shape: [2, 3, 1, any]}, s: weights(3), b: weights(3), y: {shape: [2, 3, 1, any]}}, [
      node('InstanceNormalization', ['x', 's', 'b'], 'y', {epsilon: 1e-3}),
    ]),
  },
  {
    title: 'Gelu',
    graph: graphOf({x: {shape: [any, 5]}, y: {shape: [any, 5]}}, [node('Gelu', ['x'], 'y', {})]),
  },
  {
    title: 'Conv along time with strides',
    graph: graphOf(
      {x: {shape: [1, 1, 1, any]}, w: loaded(3, 1, 1, 4), b: weights(3), y: {shape: [1, 3, 1, any]}},
      [node('Conv', ['x', 'w', 'b'], 'y', {...unit, strides: [1, 2]})],
    ),
  },
  {
    title: 'grouped Conv along time with one pad less behind',
    graph: graphOf({x: {shape: [1, 4, 1, any]}, w: weights(4, 2, 1, 6), y: {shape: [1, 4, 1, any]}}, [
      node('Conv', ['x', 'w'], 'y', {...unit, pads: [0, 3, 0, 2], group: 2}),
    ]),
  },
  {
    title: 'a picture of any width, flattened step by step',
    graph: graphOf(
      {
        x: {shape: [1, any, 7]},
        i: {shape: [1, 7, any]},
        p: {shape: [1, 1, 7, any]},
        w: weights(2, 1, 3, 2),
        c: {shape: [1, 2, 3, any]},
        f: {shape: [1, 6, any]},
        y: {shape: [any, 1, 6]},
      },
      [
        node('Transpose', ['x'], 'i', {permutation: [0, 2, 1]}),
        node('Reshape', ['i'], 'p', {shape: [1, 1, 7, any]}),
        node('Conv', ['p', 'w'], 'c', {...unit, strides: [2, 1]}),
        node('Reshape', ['c'], 'f', {shape: [1, 6, any]}),
        node('Transpose', ['f'], 'y', {permutation: [2, 0, 1]}),
      ],
    ),
  },
  {title: 'attention', graph: attention},
];
