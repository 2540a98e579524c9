import type {Graph, Node, OpAttributes, OpName, Pads} from '../../src/graph/graph.ts';
import {validateGraph} from '../../src/graph/validate-graph.ts';
import {constant, graphOf, node, perTensor, type TensorSpec} from './graph-builder.ts';
import {seededRandom, type SeededRandom} from './prng.ts';

/** Which of the networks that one seed makes; all have the same layers and weights. */
export interface SlidingNetworkOptions {
  readonly frameCount: number;
  readonly type: 'float32' | 'int8';
  /** What the network gives: its last columns, or what a fully connected layer makes of their mean. */
  readonly output: 'columns' | 'classes';
}

/** Values of one frame of `slidingNetwork`'s input. */
export const FRAME_LENGTH = 3;
const CHANNELS = 4;
/** Quantisation of all activations but those of which a layer asks for another. */
const STORED = perTensor(0.06, -3);

type Layer = (network: NetworkInMaking) => void;

/** Every layer type that slides over time or does not mind it; `halving` ones make columns of two frames. */
const LAYERS: Readonly<Record<string, Layer>> = {
  convolution: (network) => addConvolution(network, {kernel: 3, group: 1}),
  'wide convolution': (network) => addConvolution(network, {kernel: 4, group: 1}),
  'pointwise convolution': (network) => addConvolution(network, {kernel: 1, group: 1}),
  'depthwise convolution': (network) => addConvolution(network, {kernel: 3, group: CHANNELS}),
  'dilated convolution': (network) => addConvolution(network, {kernel: 2, dilation: 3, group: 1}),
  'convolution without padding': (network) => addConvolution(network, {kernel: 3, group: 1, isPadded: false}),
  'halving convolution': (network) => addConvolution(network, {kernel: 3, group: 1, stride: 2}),
  'sparse halving convolution': (network) => addConvolution(network, {kernel: 1, group: 1, stride: 2}),
  'average pool': (network) => addPool(network, 'AveragePool'),
  'maximum pool': (network) => addPool(network, 'MaxPool'),
  'residual convolution': addResidual,
  'product with its own past': addProduct,
  'number a channel': (network) => {
    const data = network.random.samples(CHANNELS);
    addOperand(network, 'Add', {shape: [CHANNELS, 1, 1], data});
  },
  clip: (network) => addUnary(network, 'Clip', {min: -1, max: 2}),
  'leaky ReLU': (network) => addUnary(network, 'LeakyRelu', {alpha: 0.1}),
  ReLU: (network) => addUnary(network, 'Relu', {}),
  sigmoid: (network) => addUnary(network, 'Sigmoid', {}),
  'softmax over channels': (network) => addUnary(network, 'Softmax', {axis: 1, beta: 1}),
  reshape: addReshape,
};

/** Names of the layers that a sliding network may have. */
export const slidingLayers: readonly string[] = Object.keys(LAYERS);

interface NetworkInMaking {
  readonly random: SeededRandom;
  readonly type: 'float32' | 'int8';
  readonly tensors: Record<string, TensorSpec>;
  readonly nodes: Node[];
  last: string;
  columnCount: number;
}

/** A small random network over `frameCount` frames of FRAME_LENGTH values with these layers, first a convolution. */
export function slidingNetwork(
  layers: readonly string[],
  seed: number,
  {frameCount, type, output}: SlidingNetworkOptions,
): Graph {
  const network: NetworkInMaking = {
    random: seededRandom(seed),
    type,
    tensors: {x: activation(type, [1, frameCount * FRAME_LENGTH])},
    nodes: [],
    last: 'x',
    columnCount: frameCount,
  };
  const plane = [1, 1, frameCount, FRAME_LENGTH];
  addNode(network, 'Reshape', [], plane, {shape: plane});
  addConvolution(network, {kernel: 3, group: 1, channels: 1});
  for (const layer of layers) LAYERS[layer]!(network);
  if (output === 'classes') addClasses(network);
  const graph = graphOf(network.tensors, network.nodes, {outputs: [network.last]});
  validateGraph(graph);
  return graph;
}

function activation(type: 'float32' | 'int8', shape: readonly number[]): TensorSpec {
  return type === 'int8' ? {shape, type, quantisation: STORED} : {shape};
}

function planeOf({columnCount}: NetworkInMaking): readonly number[] {
  return [1, CHANNELS, columnCount, FRAME_LENGTH];
}

/** Adds a node that reads the last tensor and others, and writes the new last one. */
function addNode<Op extends OpName>(
  network: NetworkInMaking,
  op: Op,
  others: readonly string[],
  shape: readonly number[],
  attributes: OpAttributes[Op],
): string {
  const output = `t${network.nodes.length}`;
  network.tensors[output] = activation(network.type, shape);
  network.nodes.push(node(op, [network.last, ...others], output, attributes));
  network.last = output;
  return output;
}

function addConstant(network: NetworkInMaking, shape: readonly number[], data: Float32Array): string {
  const name = `c${Object.keys(network.tensors).length}`;
  const quantised = (): Int8Array => Int8Array.from(data, (value) => Math.round(value * 100));
  network.tensors[name] =
    network.type === 'int8' ? constant(shape, quantised(), perTensor(0.01, 0)) : constant(shape, data);
  return name;
}

interface Kernel {
  readonly kernel: number;
  readonly group: number;
  readonly stride?: number;
  readonly dilation?: number;
  readonly isPadded?: boolean;
  readonly channels?: number; // of its input
}

/** Pads along time as TensorFlow's SAME: the odd cell comes after. Along the other dimension a width of 3 stays. */
function addConvolution(
  network: NetworkInMaking,
  {kernel, group, stride = 1, dilation = 1, isPadded = true, channels = CHANNELS}: Kernel,
): void {
  const {random, columnCount} = network;
  const span = (kernel - 1) * dilation + 1;
  const [before, after] = isPadded ? [Math.floor((span - 1) / 2), Math.ceil((span - 1) / 2)] : [0, 0];
  const shape = [CHANNELS, channels / group, kernel, 3];
  const count = shape.reduce((product, size) => product * size, 1);
  const weights = addConstant(network, shape, random.samples(count, 0.6));
  const bias = random.samples(CHANNELS, 0.5);
  const biasName = `b${Object.keys(network.tensors).length}`;
  network.tensors[biasName] =
    network.type === 'int8'
      ? constant(
          [CHANNELS],
          Int32Array.from(bias, (value) => value * 1000),
        )
      : constant([CHANNELS], bias);
  network.columnCount = Math.floor((columnCount + before + after - span) / stride) + 1;
  const pads: Pads = [before, 1, after, 1];
  const attributes = {strides: [stride, 1], pads, dilations: [dilation, 1], group} as const;
  addNode(network, 'Conv', [weights, biasName], planeOf(network), attributes);
}

function addPool(network: NetworkInMaking, op: 'AveragePool' | 'MaxPool'): void {
  const attributes = {kernel: [3, 2], strides: [1, 1], pads: [1, 0, 1, 1]} as const;
  addNode(network, op, [], planeOf(network), attributes);
}

function addResidual(network: NetworkInMaking): void {
  const before = network.last;
  addConvolution(network, {kernel: 3, group: 1});
  addNode(network, 'Add', [before], planeOf(network), {});
}

/** The product of a tensor and of what two layers made of it: its columns are needed from further back. */
function addProduct(network: NetworkInMaking): void {
  const before = network.last;
  addConvolution(network, {kernel: 3, group: CHANNELS});
  addPool(network, 'MaxPool');
  addNode(network, 'Mul', [before], planeOf(network), {});
}

function addOperand(
  network: NetworkInMaking,
  op: 'Add' | 'Mul',
  {shape, data}: {readonly shape: readonly number[]; readonly data: Float32Array},
): void {
  addNode(network, op, [addConstant(network, shape, data)], planeOf(network), {});
}

function addUnary<Op extends OpName>(network: NetworkInMaking, op: Op, attributes: OpAttributes[Op]): void {
  addNode(network, op, [], planeOf(network), attributes);
}

/** There and back: columns stay a dimension of their own. */
function addReshape(network: NetworkInMaking): void {
  const flat = [CHANNELS, network.columnCount, FRAME_LENGTH];
  addNode(network, 'Reshape', [], flat, {shape: flat});
  addNode(network, 'Reshape', [], planeOf(network), {shape: planeOf(network)});
}

function addClasses(network: NetworkInMaking): void {
  const {random, columnCount} = network;
  const pool = {kernel: [columnCount, FRAME_LENGTH], strides: [1, 1], pads: [0, 0, 0, 0]} as const;
  addNode(network, 'AveragePool', [], [1, CHANNELS, 1, 1], pool);
  addNode(network, 'Reshape', [], [1, CHANNELS], {shape: [1, CHANNELS]});
  const weights = addConstant(network, [5, CHANNELS], random.samples(5 * CHANNELS));
  addNode(network, 'Gemm', [weights], [1, 5], {});
}
