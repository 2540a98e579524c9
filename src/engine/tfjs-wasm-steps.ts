import type {Graph, Node} from '../graph/graph.ts';
import {elementCount} from '../graph/shape.ts';
import type {Layer} from './tfjs-layers.ts';
import {isDepthwise} from './tfjs-support.ts';
import {channelsLastShape, type Place, type TfjsWasmMemory} from './tfjs-wasm-memory.ts';
import {createConvolution} from './tfjs-weighted-ops.ts';

/** One call of a kernel, or one copy, from place to place. Allocates nothing. */
export type WasmStep = () => void;

interface Convolution extends Pick<Layer, 'activation'> {
  readonly graph: Graph;
  readonly node: Extract<Node, {op: 'Conv'}>;
}

/** TensorFlow.js's numbers, in cc/fusable_activations.h and cc/backend.h. */
const ACTIVATIONS = {linear: 0, relu: 1, relu6: 2, leakyrelu: 4} as const;
const FLOAT32 = 0;

/** Parameters of its kernels. */
const CONVOLUTION_PARAMETERS = 23;
const ADD_PARAMETERS = 8;

/** Uploads a convolution's weights, and plans its call: the parameters of the package's FusedConv2D.ts. */
export function planConvolution(
  memory: TfjsWasmMemory,
  {graph, node, activation}: Convolution,
  {x, out}: {readonly x: Place; readonly out: Place},
): WasmStep {
  const name = isDepthwise(node, graph) ? 'FusedDepthwiseConv2D' : 'FusedConv2D';
  const kernel = memory.kernel(name, CONVOLUTION_PARAMETERS);
  const {strides, pads, dilations} = node.attributes;
  const {weights} = createConvolution(node, graph, activation);
  memory.hold(...weights);
  const [filter, bias] = weights.map((weight) => memory.placeOf(weight));
  const [batchSize, height, width, channelCount] = channelsLastShape(x.shape);
  const [filterHeight, filterWidth] = weights[0]?.shape ?? [];
  const [top, left, bottom, right] = pads;
  const values = [
    ...[x.id, batchSize, height, width],
    ...[filter?.id, filterHeight, filterWidth, bias?.id ?? 0],
    ...[top, right, bottom, left, 0], // explicit padding, not "same"
    ...[...dilations, ...strides],
    ...[channelCount, out.shape[1]],
    ...[ACTIVATIONS[activation.activation ?? 'linear'], 0, activation.leakyreluAlpha ?? 0],
    out.id,
  ] as number[];
  return () => {
    kernel(...values);
  };
}

/** Plans the call that adds two values of one shape. */
export function planSum(memory: TfjsWasmMemory, [a, b]: readonly [Place, Place], out: Place): WasmStep {
  const kernel = memory.kernel('Add', ADD_PARAMETERS);
  const shape = memory.takeInteger(elementCount(out.shape)); // of rank 1: element by element
  return () => {
    kernel(a.id, shape, 1, b.id, shape, 1, FLOAT32, out.id);
  };
}

/** Plans that values are put one behind the other; of one batch, they are so along the height. */
export function planJoin(memory: TfjsWasmMemory, parts: readonly Place[], out: Place): WasmStep {
  let to = out.first;
  const copies = parts.map(({first, shape}) => {
    const count = elementCount(shape);
    to += count;
    return {to: to - count, from: first, end: first + count};
  });
  return () => {
    const {floats} = memory;
    for (let part = 0; part < copies.length; part++) {
      const {to, from, end} = copies[part] as (typeof copies)[number];
      floats.copyWithin(to, from, end);
    }
  };
}

/** Plans a copy of some rows of a value. */
export function planRows(
  memory: TfjsWasmMemory,
  {x, firstRow}: {readonly x: Place; readonly firstRow: number},
  out: Place,
): WasmStep {
  const [, channelCount = 1, , width = 1] = x.shape;
  const from = x.first + firstRow * width * channelCount;
  const end = from + elementCount(out.shape);
  return () => {
    memory.floats.copyWithin(out.first, from, end);
  };
}
