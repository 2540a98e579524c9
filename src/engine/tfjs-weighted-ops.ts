import {
  fused,
  reshape,
  tensor,
  tidy,
  transpose,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type {Graph, Node} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {tensorOf} from '../graph/tensor-of.ts';
import {paddingOf} from './tfjs-ops.ts';
import {isDepthwise} from './tfjs-support.ts';
import {channelsFirstValue, toChannelsFirst, toChannelsLast, type Value} from './tfjs-value.ts';

type ConvNode = Extract<Node, {op: 'Conv'}>;
type GemmNode = Extract<Node, {op: 'Gemm'}>;

/** An activation that TensorFlow.js's kernels apply to their result before they store it. */
export interface FusedActivation {
  readonly activation?: 'relu' | 'relu6' | 'leakyrelu';
  readonly leakyreluAlpha?: number;
}

/** A layer with its weights uploaded, in the order that TensorFlow.js computes with. */
export interface WeightedLayer {
  /** Call within `tidy`. */
  readonly compute: (x: Value) => Value;
  readonly weights: readonly Tensor[];
}

/** The activation as part of the layer before it; undefined where the kernels have none like it. */
export function fusedActivation(node: Node): FusedActivation | undefined {
  switch (node.op) {
    case 'Relu':
      return {activation: 'relu'};
    case 'Clip':
      return node.attributes.min === 0 && node.attributes.max === 6 ? {activation: 'relu6'} : undefined;
    case 'LeakyRelu':
      return {activation: 'leakyrelu', leakyreluAlpha: node.attributes.alpha};
    default:
      return undefined;
  }
}

/** Uploads a convolution's weights. */
export function createConvolution(node: ConvNode, graph: Graph, activation: FusedActivation): WeightedLayer {
  const {strides, pads, dilations} = node.attributes;
  const depthwise = isDepthwise(node, graph);
  const filter = uploadFilter(node, graph, depthwise);
  const bias = uploadBias(node, graph);
  const options = {
    filter,
    strides: [...strides] as [number, number],
    // the depthwise kernel takes explicit padding as the other does; its type does not say so
    pad: paddingOf(pads) as unknown as number,
    dilations: [...dilations] as [number, number],
    ...(bias && {bias}),
    ...activation,
  };
  const convolve = depthwise ? fused.depthwiseConv2d : fused.conv2d;
  return {
    compute: (x) => ({tensor: convolve({x: toChannelsLast(x), ...options}), isChannelsLast: true}),
    weights: bias ? [filter, bias] : [filter],
  };
}

/**
 * Uploads a fully connected layer's weights, as [inputs, outputs]: in the graph's own order (`transposeB`) the
 * kernel of TensorFlow.js 4.22.0 is slow, and wrong where it adds a bias to more than one row.
 */
export function createGemm(node: GemmNode, graph: Graph, activation: FusedActivation): WeightedLayer {
  const weights = tidy(() => transpose(uploadConstant(graph, node.inputs[1]) as Tensor2D));
  const bias = uploadBias(node, graph);
  const options = {b: weights, ...(bias && {bias}), ...activation};
  return {
    compute: (x) => channelsFirstValue(fused.matMul({a: toChannelsFirst(x), ...options})),
    weights: bias ? [weights, bias] : [weights],
  };
}

/**
 * Uploads a constant as it is.
 * @throws ModelFormatError where it is none, or not float32.
 */
export function uploadConstant(graph: Graph, name: string | undefined): Tensor {
  const {data, shape, type} = tensorOf(graph, name);
  if (!(data instanceof Float32Array)) {
    throw new ModelFormatError(`${String(name)} of ${type}`, 'a float32 constant');
  }
  return tensor(data, [...shape], 'float32');
}

function uploadBias(node: Node, graph: Graph): Tensor | undefined {
  return node.inputs[2] === undefined ? undefined : uploadConstant(graph, node.inputs[2]);
}

// [out, in / groups, height, width] becomes [height, width, in, out], depthwise [height, width, in, out / in]
function uploadFilter(node: ConvNode, graph: Graph, depthwise: boolean): Tensor4D {
  return tidy(() => {
    const weights = uploadConstant(graph, node.inputs[1]);
    const [outputs = 0, , height = 0, width = 0] = weights.shape;
    if (!depthwise) return transpose<Tensor4D>(weights as Tensor4D, [2, 3, 1, 0]);
    const {group} = node.attributes;
    const perChannel: Tensor4D = reshape(weights, [group, outputs / group, height, width]);
    return transpose(perChannel, [2, 3, 0, 1]);
  });
}
