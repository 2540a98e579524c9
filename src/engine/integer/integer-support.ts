import type {Graph, Node, OpName} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {openParts} from '../../graph/open-parts.ts';
import {tensorOf} from '../../graph/tensor-of.ts';
import {hasZeroPoints} from './pack-weights.ts';

/** Ops that run whatever the type of their tensors: they only move elements, or change the type itself. */
const ANY_TYPE: ReadonlySet<OpName> = new Set<OpName>([
  'Reshape',
  'Transpose',
  'Concat',
  'Slice',
  'QuantizeLinear',
  'DequantizeLinear',
]);

/** Ops that run on int8 tensors. */
const INT8: ReadonlySet<OpName> = new Set<OpName>([
  'Conv',
  'Gemm',
  'AveragePool',
  'MaxPool',
  'ReduceMean',
  'Pad',
  'Softmax',
  'Sigmoid',
  'Relu',
  'Clip',
  'LeakyRelu',
  'Add',
  'Mul',
]);

/** What of the graph the integer engine cannot run, by name, each once; empty where it runs all. */
export function opsWithoutInteger(graph: Graph): readonly string[] {
  return [...new Set(graph.nodes.flatMap((node) => unsupported(node, graph))), ...openParts(graph)];
}

/**
 * Refuses a graph that the integer engine does not run.
 * @throws ModelFormatError with what it does not run, by name.
 */
export function requireIntegerOps(graph: Graph): void {
  const unsupported = opsWithoutInteger(graph);
  if (unsupported.length === 0) return;
  throw new ModelFormatError(
    `ops ${unsupported.join(', ')}`,
    `int8 ${[...INT8].join(', ')}; any ${[...ANY_TYPE].join(', ')}`,
  );
}

function unsupported(node: Node, graph: Graph): readonly string[] {
  if (ANY_TYPE.has(node.op)) return [];
  if (!INT8.has(node.op)) return [node.op];
  const {type} = tensorOf(graph, node.outputs[0]);
  if (type !== 'int8') return [`${node.op} in ${type}`];
  if (node.op !== 'Conv' && node.op !== 'Gemm') return [];
  const weights = tensorOf(graph, node.inputs[1]);
  if (!weights.data) return [`${node.op} with computed weights`];
  return hasZeroPoints(weights) ? [`${node.op} with zero points of its weights`] : [];
}
