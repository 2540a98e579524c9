import {dequantiseConstant} from './dequantise-tensor.ts';
import type {Graph, Node, OpName, Quantisation, Tensor} from './graph.ts';
import {pruneGraph} from './prune-graph.ts';
import {isSameQuantisation, quantisedLimits, representableRange} from './quantisation.ts';
import {unusedName} from './unused-name.ts';

/** The graph being rebuilt in float32. */
interface Twin {
  readonly source: Graph;
  readonly tensors: Map<string, Tensor>;
  readonly nodes: Node[];
  /** Tensors of the source that another tensor of the twin stands for. */
  readonly replaced: Map<string, string>;
}

/** Ops whose results lie between 0 and 1: saturation changes them by less than one quantisation step. */
const BOUNDED_OPS: ReadonlySet<OpName> = new Set<OpName>(['Softmax', 'Sigmoid']);

/** Ops whose results lie within the range of their inputs. */
const AVERAGING_OPS: ReadonlySet<OpName> = new Set<OpName>([
  'AveragePool',
  'MaxPool',
  'ReduceMean',
  'Reshape',
  'Transpose',
  'Pad',
  'Concat',
  'Slice',
]);

/**
 * The float32 twin of a quantised graph: the same network with rounding gone and saturation kept. Constants
 * become the real values they stand for, Quantize and Dequantize vanish, inputs and outputs take and give real
 * values in float32 under their old names and shapes.
 * Saturation stays because it is part of the network, not an error of it: a fused ReLU is often nothing but an
 * int8 range that begins at 0. So whatever can leave the range of its int8 tensor is followed by a Clip to it;
 * so is the input. Any thread; allocates the constants in float32 (4 times their int8 size).
 */
export function dequantiseGraph(graph: Graph): Graph {
  const twin: Twin = {source: graph, tensors: new Map(), nodes: [], replaced: new Map()};
  for (const [name, tensor] of graph.tensors) twin.tensors.set(name, toFloat(tensor));
  for (const name of graph.inputs) clampInput(twin, name);
  for (const node of graph.nodes) addTwinNode(twin, node);
  return pruneGraph({...graph, tensors: twin.tensors, nodes: twin.nodes});
}

function toFloat(tensor: Tensor): Tensor {
  const isQuantised = tensor.quantisation !== undefined && quantisedLimits(tensor.type) !== undefined;
  if (!isQuantised) return tensor;
  if (tensor.data !== undefined) return dequantiseConstant(tensor);
  return {name: tensor.name, type: 'float32', shape: tensor.shape};
}

function clampInput(twin: Twin, name: string): void {
  const range = saturationRange(twin, name);
  if (range === undefined) return;
  const clamped = addTensorLike(twin, name, 'clamped');
  addClip(twin, name, clamped, range);
  twin.replaced.set(name, clamped);
}

function addTwinNode(twin: Twin, node: Node): void {
  const output = node.outputs[0] as string;
  const inputs = node.inputs.map((name) => twin.replaced.get(name) ?? name);
  const range = saturationRange(twin, output);
  if (node.op === 'QuantizeLinear' && range !== undefined) {
    return addClip(twin, inputs[0] as string, output, range);
  }
  if (node.op === 'DequantizeLinear') return passThrough(twin, node, inputs[0] as string);
  const floatNode = {...node, inputs: withFloatBias(twin, node, inputs)} as Node;
  if (range === undefined || staysInRange(twin, node)) {
    twin.nodes.push(floatNode);
    return;
  }
  const unclamped = addTensorLike(twin, output, 'unclamped');
  twin.nodes.push({...floatNode, outputs: [unclamped]});
  addClip(twin, unclamped, output, range);
}

/** Lets readers of a Dequantize read its input; a graph output needs a node that writes it. */
function passThrough(twin: Twin, node: Node, input: string): void {
  const output = node.outputs[0] as string;
  const range = saturationRange(twin, node.inputs[0] as string);
  if (twin.source.outputs.includes(output) && range !== undefined) addClip(twin, input, output, range);
  else twin.replaced.set(output, input);
}

/**
 * The inputs with the int32 bias of Conv and Gemm in float32. Its scale is that of the products it is added to,
 * input × weights, whatever the bias itself says: integer kernels never look at the latter.
 */
function withFloatBias(twin: Twin, node: Node, inputs: readonly string[]): readonly string[] {
  const [x, weights, bias] = node.inputs.map((name) => twin.source.tensors.get(name) as Tensor);
  const isBiased = (node.op === 'Conv' || node.op === 'Gemm') && bias?.type === 'int32';
  if (!isBiased || x?.quantisation === undefined || weights?.quantisation === undefined) return inputs;
  const quantisation = productQuantisation(x.quantisation, weights.quantisation);
  const name = unusedName(twin.tensors, `${bias.name}/float32`);
  twin.tensors.set(name, {...dequantiseConstant({...bias, quantisation}), name});
  return [...inputs.slice(0, 2), name];
}

function productQuantisation(x: Quantisation, weights: Quantisation): Quantisation {
  const inputScale = x.scale[0] as number;
  return {
    scale: weights.scale.map((scale) => inputScale * scale),
    zeroPoint: new Int32Array(weights.scale.length),
    axis: 0,
  };
}

/** Whether no result of the node can leave the range in which its int8 output saturates. */
function staysInRange(twin: Twin, node: Node): boolean {
  if (BOUNDED_OPS.has(node.op)) return true;
  if (!AVERAGING_OPS.has(node.op)) return false;
  const output = twin.source.tensors.get(node.outputs[0] as string) as Tensor;
  return node.inputs.every((name) => {
    return isSameQuantisation(twin.source.tensors.get(name)?.quantisation, output.quantisation);
  });
}

/** Real values at which the source's tensor saturates; undefined where it is no quantised activation. */
function saturationRange(twin: Twin, name: string): [number, number] | undefined {
  const {type, quantisation} = twin.source.tensors.get(name) as Tensor;
  if (quantisation === undefined || quantisedLimits(type) === undefined) return undefined;
  return representableRange(type, quantisation);
}

function addClip(twin: Twin, input: string, output: string, [min, max]: readonly [number, number]): void {
  twin.nodes.push({op: 'Clip', inputs: [input], outputs: [output], attributes: {min, max}});
}

function addTensorLike(twin: Twin, name: string, purpose: string): string {
  const tensor = twin.tensors.get(name) as Tensor;
  const twinName = unusedName(twin.tensors, `${name}/${purpose}`);
  twin.tensors.set(twinName, {...tensor, name: twinName});
  return twinName;
}
