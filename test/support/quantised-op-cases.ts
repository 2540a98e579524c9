import type {Graph, Node, OpAttributes, OpName, Quantisation} from '../../src/graph/graph.ts';
import {inferShapes} from '../../src/graph/infer-shape.ts';
import {elementCount} from '../../src/graph/shape.ts';
import {constant, graphOf, node, perTensor, type TensorSpec} from './graph-builder.ts';
import {seededRandom, type SeededRandom} from './prng.ts';

/** A small quantised network from `x` to `y`. */
export interface QuantisedOpCase {
  readonly title: string;
  readonly graph: Graph;
}

const SEED = 77;
const random = seededRandom(SEED);

/** Scale and zero point, as tests write them. */
type Scale = readonly [scale: number, zeroPoint: number];

const int8 = (shape: readonly number[], [scale, zeroPoint]: Scale): TensorSpec => ({
  shape,
  type: 'int8',
  quantisation: perTensor(scale, zeroPoint),
});

const randomBytes = (source: SeededRandom, count: number): Int8Array =>
  Int8Array.from({length: count}, () => source.integer(-128, 127));

/** A convolution or fully connected layer to be made up. */
export interface LayerSpec {
  readonly x: readonly number[]; // NCHW, or [rows, depth]
  readonly outputs: number;
  readonly kernel?: readonly [number, number];
  readonly strides?: readonly [number, number];
  readonly pads?: readonly [number, number, number, number];
  readonly dilations?: readonly [number, number];
  readonly group?: number;
  readonly hasBias?: boolean; // default true
  readonly isPerChannel?: boolean; // default true
  readonly clamp?: Node;
}

/** The tensors and node of a layer with seeded weights; its sums fill the range of its output. */
export function layerGraph(spec: LayerSpec, source: SeededRandom = random): Graph {
  const {x, outputs, hasBias = true, isPerChannel = true, clamp} = spec;
  const shape = weightShape(spec);
  const count = elementCount(shape);
  const weights = Int8Array.from({length: count}, () => source.integer(-127, 127));
  const scale = Float32Array.from({length: isPerChannel ? outputs : 1}, () => source.between(0.005, 0.015));
  const quantisation: Quantisation = {scale, zeroPoint: new Int32Array(scale.length), axis: 0};
  const bias = Int32Array.from({length: outputs}, () => source.integer(-2000, 2000));
  const layer = layerNode(spec);
  const shapes = hasBias ? [x, shape, [outputs]] : [x, shape];
  const yScale: Scale = [0.05 * 0.01 * 60 * Math.sqrt(count / outputs) * 0.9, source.integer(-20, 20)];
  const y = int8(inferShapes(layer, shapes)[0]!, yScale);
  const tensors = {
    x: int8(x, [0.05, source.integer(-128, 127)]),
    w: constant(shape, weights, quantisation),
    ...(hasBias && {b: constant([outputs], bias)}),
    ...(clamp && {linear: y}),
    y,
  };
  return graphOf(tensors, clamp ? [layer, clamp] : [layer]);
}

function weightShape({x, outputs, kernel = [1, 1], group = 1}: LayerSpec): readonly number[] {
  const [, depth = 0] = x;
  return x.length === 4 ? [outputs, depth / group, ...kernel] : [outputs, depth];
}

function layerNode({x, hasBias = true, clamp, ...spec}: LayerSpec): Node {
  const inputs = hasBias ? ['x', 'w', 'b'] : ['x', 'w'];
  const name = clamp ? 'linear' : 'y';
  if (x.length !== 4) return node('Gemm', inputs, name, {});
  const {strides = [1, 1], pads = [0, 0, 0, 0], dilations = [1, 1], group = 1} = spec;
  return node('Conv', inputs, name, {strides, pads, dilations, group});
}

const unary = <Op extends OpName>(
  op: Op,
  attributes: OpAttributes[Op],
  {x, y, shape}: {readonly x: Scale; readonly y: Scale; readonly shape: readonly number[]},
): Graph => {
  const step = node(op, ['x'], 'y', attributes);
  return graphOf({x: int8(shape, x), y: int8(inferShapes(step, [shape])[0]!, y)}, [step]);
};

const binary = (
  op: 'Add' | 'Mul',
  shapes: readonly [readonly number[], readonly number[]],
  {x, k, y}: Readonly<Record<'x' | 'k' | 'y', Scale>>,
): Graph => {
  const step = node(op, ['x', 'k'], 'y', {});
  const [scale, zeroPoint] = k;
  const operand = constant(
    shapes[1],
    randomBytes(random, elementCount(shapes[1])),
    perTensor(scale, zeroPoint),
  );
  return graphOf({x: int8(shapes[0], x), k: operand, y: int8(inferShapes(step, shapes)[0]!, y)}, [step]);
};

const one: Scale = [0.07, 12];
const other: Scale = [0.0317, -9];
const same = {x: one, y: one};
const relu = node('Relu', ['linear'], 'y', {});
const softmaxScale: Scale = [1 / 256, -128];

const layers: Readonly<Record<string, LayerSpec>> = {
  'Conv of one pixel and one channel': {x: [1, 1, 1, 1], outputs: 1},
  'Conv 1×1, odd channels': {x: [1, 7, 3, 5], outputs: 9},
  'Conv 1×1, whole blocks': {x: [1, 16, 4, 4], outputs: 16},
  'Conv 1×1, half a block': {x: [1, 20, 5, 3], outputs: 12},
  'Conv 1×1 with strides': {x: [1, 5, 7, 6], outputs: 3, strides: [2, 3]},
  'Conv 1×1 over one pixel': {x: [1, 33, 1, 1], outputs: 12},
  'Conv 1×1 without bias, one scale': {x: [1, 6, 3, 3], outputs: 10, hasBias: false, isPerChannel: false},
  'Conv 3×3 SAME, strides': {
    x: [1, 3, 9, 8],
    outputs: 11,
    kernel: [3, 3],
    strides: [2, 2],
    pads: [1, 0, 1, 1],
  },
  'Conv 10×4 of one channel': {x: [1, 1, 49, 10], outputs: 17, kernel: [10, 4], pads: [4, 1, 5, 2]},
  'Conv 2×3 with dilations': {
    x: [1, 4, 9, 11],
    outputs: 5,
    kernel: [2, 3],
    dilations: [3, 2],
    pads: [1, 2, 2, 1],
  },
  'Conv 3×1 with dilations': {
    x: [1, 3, 9, 4],
    outputs: 5,
    kernel: [3, 1],
    dilations: [2, 4],
    pads: [1, 0, 2, 0],
  },
  'Conv 1×7 along a row': {x: [1, 13, 1, 21], outputs: 10, kernel: [1, 7], pads: [0, 3, 0, 3]},
  'Conv 1×8 along a row, strides': {
    x: [1, 9, 1, 31],
    outputs: 25,
    kernel: [1, 8],
    strides: [1, 2],
    pads: [0, 3, 0, 3],
  },
  'Conv 1×3 along two rows': {x: [1, 5, 2, 9], outputs: 4, kernel: [1, 3], pads: [0, 1, 0, 1]},
  'Conv 7×1 down a column': {
    x: [1, 13, 21, 1],
    outputs: 10,
    kernel: [7, 1],
    strides: [2, 3],
    pads: [3, 0, 3, 0],
  },
  'Conv 5×1 down a column, dilated': {
    x: [1, 3, 21, 1],
    outputs: 6,
    kernel: [5, 1],
    dilations: [2, 5],
    pads: [3, 0, 2, 0],
  },
  'Conv in two groups': {x: [1, 6, 5, 4], outputs: 10, kernel: [3, 2], group: 2, pads: [1, 0, 1, 1]},
  'Conv of two images': {x: [2, 3, 5, 4], outputs: 6, kernel: [3, 3], pads: [1, 1, 1, 1]},
  'depthwise 3×3 of 8 channels': {x: [1, 8, 5, 5], outputs: 8, kernel: [3, 3], group: 8, pads: [1, 1, 1, 1]},
  'depthwise 3×3 of 19 channels': {
    x: [1, 19, 6, 5],
    outputs: 19,
    kernel: [3, 3],
    group: 19,
    strides: [2, 2],
    pads: [1, 0, 1, 1],
  },
  'depthwise 2×2 of 4 channels': {x: [1, 4, 4, 3], outputs: 4, kernel: [2, 2], group: 4, dilations: [2, 1]},
  'depthwise 1×1 over one pixel': {x: [1, 3, 1, 1], outputs: 3, group: 3},
  'depthwise with a multiplier': {x: [1, 5, 4, 6], outputs: 15, kernel: [3, 3], group: 5, pads: [1, 1, 1, 1]},
  'depthwise of two images': {x: [2, 4, 4, 3], outputs: 4, kernel: [3, 2], group: 4, pads: [1, 1, 1, 0]},
  'Conv with Relu': {x: [1, 7, 3, 5], outputs: 9, clamp: relu},
  'Conv with Clip': {x: [1, 7, 3, 5], outputs: 9, clamp: node('Clip', ['linear'], 'y', {min: -1, max: 1})},
  'depthwise with Clip': {
    ...{x: [1, 9, 3, 5], outputs: 9, group: 9, kernel: [3, 3]},
    clamp: node('Clip', ['linear'], 'y', {min: 0, max: 0.5}),
  },
  'Gemm of one row': {x: [1, 276], outputs: 12},
  'Gemm of odd sizes': {x: [5, 13], outputs: 7, clamp: relu},
  'Gemm of one value': {x: [1, 1], outputs: 1},
};

const image = [1, 11, 5, 4];

const others: Readonly<Record<string, Graph>> = {
  'AveragePool of all': unary(
    'AveragePool',
    {kernel: [5, 4], strides: [1, 1], pads: [0, 0, 0, 0]},
    {...same, shape: image},
  ),
  'AveragePool with pads': unary(
    'AveragePool',
    {kernel: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1]},
    {...same, shape: image},
  ),
  'AveragePool of two images': unary(
    'AveragePool',
    {kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0]},
    {...same, shape: [2, 3, 5, 4]},
  ),
  'MaxPool with pads': unary(
    'MaxPool',
    {kernel: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1]},
    {...same, shape: image},
  ),
  'ReduceMean over space': unary(
    'ReduceMean',
    {axes: [2, 3], keepDims: true},
    {x: one, y: [0.011, 5], shape: image},
  ),
  'ReduceMean over channels, dropped': unary(
    'ReduceMean',
    {axes: [1], keepDims: false},
    {x: one, y: [0.021, 5], shape: image},
  ),
  'ReduceMean over two axes apart': unary(
    'ReduceMean',
    {axes: [1, 3], keepDims: false},
    {x: one, y: [0.011, 5], shape: image},
  ),
  'Pad on all sides': unary(
    'Pad',
    {before: [0, 1, 2, 0], after: [1, 0, 1, 3], value: 0.3},
    {...same, shape: image},
  ),
  'Slice of two axes': unary('Slice', {axes: [3, 1], starts: [1, 2], ends: [3, 9]}, {...same, shape: image}),
  Sigmoid: unary('Sigmoid', {}, {x: one, y: softmaxScale, shape: image}),
  LeakyRelu: unary('LeakyRelu', {alpha: 0.2}, {x: one, y: [0.05, -60], shape: image}),
  'Relu of another scale': unary('Relu', {}, {x: one, y: other, shape: image}),
  'Relu of the same scale': unary('Relu', {}, {...same, shape: image}),
  'Clip of another scale': unary('Clip', {min: 0, max: 6}, {x: one, y: other, shape: image}),
  'QuantizeLinear between scales': unary('QuantizeLinear', {}, {x: one, y: other, shape: image}),
  'Softmax of rows': unary('Softmax', {axis: 1, beta: 1}, {x: one, y: softmaxScale, shape: [3, 29]}),
  'Softmax with beta over channels': unary(
    'Softmax',
    {axis: 1, beta: 0.4},
    {x: one, y: softmaxScale, shape: image},
  ),
  'Transpose to another order': unary('Transpose', {permutation: [2, 0, 3, 1]}, {...same, shape: image}),
  Reshape: unary('Reshape', {shape: [4, 55]}, {...same, shape: image}),
  'Add of the same shape': binary('Add', [image, image], {x: [0.031, -7], k: [0.022, 11], y: [0.047, 5]}),
  'Add of a channel': binary('Add', [image, [11, 1, 1]], {x: [0.9, 3], k: [0.011, 0], y: [0.013, -20]}),
  'Add of a row that is stretched': binary(
    'Add',
    [
      [1, 1, 5, 1],
      [2, 3, 1, 4],
    ],
    {x: one, k: other, y: one},
  ),
  'Mul of the same shape': binary('Mul', [image, image], {x: [0.031, -7], k: [0.022, 11], y: [0.021, 5]}),
  'Mul of one value': binary('Mul', [image, [1]], {x: [0.2, 4], k: [0.1, -3], y: [0.05, 1]}),
  'several ops that mind the order': severalOps(),
};

/** A convolution whose output is joined, turned, cut, added and reshaped: channels last meets channels first. */
function severalOps(): Graph {
  const {tensors, nodes} = layerGraph({x: [1, 4, 6, 5], outputs: 6, kernel: [3, 3], pads: [1, 1, 1, 1]});
  const [conv] = nodes;
  const c = tensors.get('y')!;
  const q = {type: 'int8', quantisation: c.quantisation!} as const;
  const steps: readonly [Node, readonly number[]][] = [
    [node('Relu', ['c'], 'r', {}), [1, 6, 6, 5]],
    [node('Concat', ['r', 'c'], 'j', {axis: 1}), [1, 12, 6, 5]],
    [node('Slice', ['j'], 's', {axes: [1, 2], starts: [2, 1], ends: [8, 6]}), [1, 6, 5, 5]],
    [node('Transpose', ['s'], 't', {permutation: [0, 1, 3, 2]}), [1, 6, 5, 5]],
    [node('Add', ['s', 't'], 'a', {}), [1, 6, 5, 5]],
    [node('MaxPool', ['a'], 'm', {kernel: [2, 2], strides: [1, 1], pads: [0, 0, 0, 0]}), [1, 6, 4, 4]],
    [node('Reshape', ['m'], 'y', {shape: [4, 24]}), [4, 24]],
  ];
  const specs: Record<string, TensorSpec> = {
    x: tensors.get('x')!,
    w: tensors.get('w')!,
    b: tensors.get('b')!,
    c,
  };
  for (const [
    {
      outputs: [name = ''],
    },
    shape,
  ] of steps)
    specs[name] = {...q, shape};
  return graphOf(specs, [{...conv!, outputs: ['c']}, ...steps.map(([step]) => step)]);
}

/** Every op that runs in integers, at sizes that leave tails. */
export const quantisedOpCases: readonly QuantisedOpCase[] = [
  ...Object.entries(layers).map(([title, spec]) => ({title, graph: layerGraph(spec)})),
  ...Object.entries(others).map(([title, graph]) => ({title, graph})),
];

/** Random values for the network's input. */
export function randomInput(graph: Graph, source: SeededRandom): Int8Array {
  return randomBytes(source, elementCount(graph.tensors.get('x')!.shape));
}
