import type {Graph, Node, OpName} from '../../graph/graph.ts';
import {isSameQuantisation} from '../../graph/quantisation.ts';
import type {SequenceOpName} from '../../graph/sequence-ops.ts';
import type {Buffer, Step} from './blocks.ts';
import {lowerGemm, type Bounds} from './layer-steps.ts';
import {lowerAdd, lowerMul} from './lower-binary.ts';
import {lowerConv} from './lower-conv.ts';
import {boundsOf, lowerByTable, lowerDequantise, lowerQuantise, lowerSoftmax} from './lower-elements.ts';
import {lowerConcat, lowerPad, lowerReshape, lowerSlice, lowerTranspose} from './lower-moves.ts';
import {lowerMean, lowerPool} from './lower-pools.ts';
import {ProgramBuilder, type NodeOf} from './program-builder.ts';
import {graphOrder} from './values.ts';

/** What a graph becomes: calls of kernels, in order. */
export interface Program {
  readonly steps: readonly Step[];
  readonly inputs: readonly Buffer[];
  readonly outputs: readonly Buffer[];
}

type IntegerOpName = Exclude<OpName, SequenceOpName>;

type Lower<Op extends OpName> = (node: NodeOf<Op>, builder: ProgramBuilder) => void;

const ALL: Bounds = {min: -128, max: 127};

const lowerings: {readonly [Op in IntegerOpName]: Lower<Op>} = {
  Conv: (node, builder) => lowerConv({node, output: node.outputs[0], bounds: ALL}, builder),
  Gemm: (node, builder) => lowerGemm({node, output: node.outputs[0], bounds: ALL}, builder),
  AveragePool: lowerPool,
  MaxPool: lowerPool,
  ReduceMean: lowerMean,
  Reshape: lowerReshape,
  Transpose: lowerTranspose,
  Pad: lowerPad,
  Concat: lowerConcat,
  Slice: lowerSlice,
  Softmax: lowerSoftmax,
  Sigmoid: lowerByTable,
  Relu: lowerByTable,
  Clip: lowerByTable,
  LeakyRelu: lowerByTable,
  Add: lowerAdd,
  Mul: lowerMul,
  QuantizeLinear: lowerQuantise,
  DequantizeLinear: lowerDequantise,
};

/**
 * Turns a quantised graph into calls of kernels. A clamp behind a layer, where nobody else reads what is between them,
 * becomes part of the layer.
 * @throws ModelFormatError where the kernels do not do what a node says.
 */
export function planProgram(graph: Graph): Program {
  const builder = new ProgramBuilder(graph);
  const inputs = graph.inputs.map((name) => builder.value(name).buffer);
  const clamps = findClamps(graph);
  const fused = new Set(clamps.values());
  graph.nodes.forEach((node, index) => {
    builder.begin(index);
    if (fused.has(node as ClampNode)) return;
    const clamp = clamps.get(node);
    if (clamp) lowerClamped(node as LayerNode, clamp, builder);
    else (lowerings[node.op as IntegerOpName] as Lower<OpName>)(node, builder);
  });
  const outputs = graph.outputs.map((name) => {
    const value = builder.value(name);
    return builder.inOrder(value, graphOrder(value.shape.length)).buffer;
  });
  return {steps: builder.steps, inputs, outputs};
}

type LayerNode = NodeOf<'Conv' | 'Gemm'>;
type ClampNode = NodeOf<'Relu' | 'Clip'>;

function lowerClamped(node: LayerNode, clamp: ClampNode, builder: ProgramBuilder): void {
  const [output] = clamp.outputs;
  const bounds = boundsOf(clamp, builder.activation(output));
  if (node.op === 'Conv') lowerConv({node, output, bounds}, builder);
  else lowerGemm({node, output, bounds}, builder);
}

/** Layers whose only reader is a clamp that keeps the scale. */
function findClamps(graph: Graph): ReadonlyMap<Node, ClampNode> {
  const clamps = new Map<Node, ClampNode>();
  for (const node of graph.nodes) {
    if (node.op !== 'Conv' && node.op !== 'Gemm') continue;
    const [output = ''] = node.outputs;
    const readers = graph.nodes.filter(({inputs}) => inputs.includes(output));
    const [reader] = readers;
    if (readers.length !== 1 || graph.outputs.includes(output)) continue;
    if (reader?.op !== 'Relu' && reader?.op !== 'Clip') continue;
    const [before, after] = [output, reader.outputs[0] ?? ''].map((name) => graph.tensors.get(name));
    if (isSameQuantisation(before?.quantisation, after?.quantisation)) clamps.set(node, reader);
  }
  return clamps;
}
