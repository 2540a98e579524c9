import type {Graph, Node, OpName} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {encodeOnnx} from './encode-onnx.ts';
import {Lowering, type Lower, type LowerTable} from './lowering.ts';
import {gemmlowpLowerings} from './lower-gemmlowp.ts';
import {plainLowerings} from './lower-plain.ts';
import {quantisedLowerings} from './lower-quantised.ts';
import {OnnxBuilder} from './onnx-builder.ts';
import type {DeferredOnnxGraph} from './onnx-graph.ts';

/** How a graph is to be written. */
export interface WriteOptions {
  /** Whose rounding quantised layers have: see `Rounding` in engine/engine.ts. Default `xnnpack`. */
  readonly rounding?: 'xnnpack' | 'gemmlowp' | undefined;
}

/**
 * Writes a graph as the bytes of an ONNX file (operator set 17, with onnxruntime's own QGemm where needed).
 * The types of the graph's tensors say how each node is computed: a node whose output is quantised to 8 bits in
 * integers, exactly as the kernels that `rounding` names; any other in float32. Quantised int8 inputs and outputs of
 * the graph are uint8 in the file (see `uint8-shift.ts`). Any thread.
 * @throws ModelFormatError where an op, a type or a quantisation cannot be said.
 */
export function writeOnnx(graph: Graph, {rounding = 'xnnpack'}: WriteOptions = {}): Uint8Array {
  const network = lowerGraph(graph, rounding === 'xnnpack' ? quantisedLowerings : gemmlowpLowerings);
  const elsewhere = network.deferred[0]?.constants[0];
  if (elsewhere) {
    throw new ModelFormatError(
      `constant ${elsewhere.name}, which is elsewhere`,
      'constants that are at hand',
    );
  }
  return encodeOnnx(network);
}

/**
 * Says a graph in ONNX's operators.
 * @param quantised how nodes are said whose output is quantised to 8 bits; `float`: the others.
 * @throws ModelFormatError where an op, a type or a quantisation cannot be said.
 */
export function lowerGraph(
  graph: Graph,
  quantised: LowerTable,
  float: LowerTable = plainLowerings,
): DeferredOnnxGraph {
  const builder = new OnnxBuilder();
  const lowering = new Lowering(graph, builder);
  for (const node of graph.nodes) lowerNode(node, {quantised, float}, lowering);
  return builder.finish(graph);
}

/** Ops of the graph that cannot be written, by name, each once; empty where all can. */
export function opsWithoutOnnx(graph: Graph): readonly string[] {
  const names = new Set<string>(graph.nodes.map(({op}) => op));
  return [...names].filter((name) => !Object.hasOwn(plainLowerings, name));
}

function lowerNode(
  node: Node,
  {quantised, float}: {readonly quantised: LowerTable; readonly float: LowerTable},
  lowering: Lowering,
): void {
  if (!Object.hasOwn(plainLowerings, node.op)) {
    throw new ModelFormatError(`op ${node.op}`, Object.keys(plainLowerings).join(', '));
  }
  const isQuantised = lowering.tensor(node.outputs[0]).type !== 'float32';
  const lower = (isQuantised ? quantised : float)[node.op] as Lower<OpName>;
  lower(node, lowering);
}
