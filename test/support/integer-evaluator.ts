import type {Graph, Node, OpAttributes, Tensor} from '../../src/graph/graph.ts';
import {elementCount} from '../../src/graph/shape.ts';
import {tensorOf} from '../../src/graph/tensor-of.ts';
import {multiplyByQuantisedMultiplier} from './fixed-point.ts';

/**
 * Runs an int8 network in integers, rounding as TFLite's reference kernels do (gemmlowp), so that weights, scales,
 * pads and layouts that a reader got from a file can be held to published outputs without any engine.
 * Knows Conv, Gemm, AveragePool, Reshape and Softmax. One input; gives the values of every tensor by name.
 */
export function evaluateIntegers(graph: Graph, input: Int8Array): ReadonlyMap<string, Int8Array> {
  const values = new Map([[graph.inputs[0] ?? '', input]]);
  for (const node of graph.nodes) {
    const x = values.get(node.inputs[0] ?? '');
    const output = tensorOf(graph, node.outputs[0]);
    if (x === undefined) throw new Error(`${node.op} has no input yet`);
    values.set(output.name, run(graph, node, x, output));
  }
  return values;
}

function run(graph: Graph, node: Node, x: Int8Array, output: Tensor): Int8Array {
  switch (node.op) {
    case 'Conv':
      return convolve(graph, node, x, node.attributes);
    case 'Gemm': {
      const whole = {strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1} as const;
      return convolve(graph, node, x, whole);
    }
    case 'AveragePool':
      return averageWhole(graph, node, x, output);
    case 'Reshape':
      return x;
    case 'Softmax':
      return softmax(tensorOf(graph, node.inputs[0]), x);
    default:
      throw new Error(`the integer evaluator does not run ${node.op}`);
  }
}

/** What the sum of one output place needs to know. */
interface Convolution extends Pick<OpAttributes['Conv'], 'strides' | 'pads' | 'dilations'> {
  readonly x: Int8Array; // [channels × height × width]
  readonly zeroPoint: number;
  readonly plane: readonly [number, number]; // height, width
  readonly weights: ArrayLike<number>; // [outputs × groupChannels × kernel]
  readonly kernel: readonly [number, number];
  readonly groupChannels: number;
}

/** Conv, and Gemm as a convolution of one cell. */
function convolve(graph: Graph, node: Node, x: Int8Array, attributes: OpAttributes['Conv']): Int8Array {
  const [source, weights, bias] = node.inputs.map((name) => tensorOf(graph, name));
  const output = tensorOf(graph, node.outputs[0]);
  const [, , height = 1, width = 1] = source?.shape ?? [];
  const [, outputs = 0, rows = 1, columns = 1] = output.shape;
  const [, groupChannels = 0, kernelHeight = 1, kernelWidth = 1] = weights?.shape ?? [];
  const convolution: Convolution = {
    ...attributes,
    x,
    zeroPoint: zeroPointOf(source),
    plane: [height, width],
    weights: weights?.data ?? [],
    kernel: [kernelHeight, kernelWidth],
    groupChannels,
  };
  return Int8Array.from({length: elementCount(output.shape)}, (_, target) => {
    const channel = Math.floor(target / (columns * rows));
    const group = Math.floor(channel / (outputs / attributes.group));
    const place = [Math.floor(target / columns) % rows, target % columns] as const;
    const sum = (bias?.data?.[channel] ?? 0) + sumAt(convolution, channel, group * groupChannels, place);
    const multiplier = (scaleOf(source) * scaleOf(weights, channel)) / scaleOf(output);
    return saturate(multiplyByQuantisedMultiplier(sum, multiplier) + zeroPointOf(output));
  });
}

/** Sum of products of one output channel at one place; cells outside the plane count nothing. */
function sumAt(
  {x, zeroPoint, plane, weights, kernel, groupChannels, strides, pads, dilations}: Convolution,
  output: number,
  firstChannel: number,
  [row, column]: readonly [number, number],
): number {
  const tapCount = kernel[0] * kernel[1];
  let sum = 0;
  for (let tap = 0; tap < tapCount; tap++) {
    const y = row * strides[0] - pads[0] + Math.floor(tap / kernel[1]) * dilations[0];
    const z = column * strides[1] - pads[1] + (tap % kernel[1]) * dilations[1];
    if (y < 0 || y >= plane[0] || z < 0 || z >= plane[1]) continue;
    let cell = (firstChannel * plane[0] + y) * plane[1] + z;
    let weight = output * groupChannels * tapCount + tap;
    for (let channel = 0; channel < groupChannels; channel++) {
      sum += ((x[cell] ?? NaN) - zeroPoint) * (weights[weight] ?? NaN);
      cell += plane[0] * plane[1];
      weight += tapCount;
    }
  }
  return sum;
}

/** A pool over the whole plane: integer sum, divided and rounded half away from zero. */
function averageWhole(
  graph: Graph,
  node: Node & {op: 'AveragePool'},
  x: Int8Array,
  output: Tensor,
): Int8Array {
  const [, , height = 0, width = 0] = tensorOf(graph, node.inputs[0]).shape;
  if (node.attributes.kernel.join() !== [height, width].join())
    throw new Error('only pools over the whole plane');
  return Int8Array.from({length: elementCount(output.shape)}, (_, channel) => {
    const plane = x.subarray(channel * height * width, (channel + 1) * height * width);
    const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length;
    return Math.sign(mean) * Math.floor(Math.abs(mean) + 0.5);
  });
}

/** Softmax in doubles, stored as TFLite stores it: scale 1/256, zero point −128. */
function softmax(source: Tensor, x: Int8Array): Int8Array {
  const weights = Array.from(x, (value) => Math.exp(scaleOf(source) * (value - Math.max(...x))));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Int8Array.from(weights, (weight) => saturate(Math.round((256 * weight) / total) - 128));
}

function scaleOf(tensor: Tensor | undefined, channel = 0): number {
  const scale = tensor?.quantisation?.scale;
  return scale?.[scale.length === 1 ? 0 : channel] ?? NaN;
}

function zeroPointOf(tensor: Tensor | undefined): number {
  return tensor?.quantisation?.zeroPoint[0] ?? NaN;
}

function saturate(value: number): number {
  return Math.max(-128, Math.min(127, value));
}
