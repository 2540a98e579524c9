import type {Graph, Node, OpName} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {openParts} from '../graph/open-parts.ts';
import {tensorOf} from '../graph/tensor-of.ts';

/** Ops that the TensorFlow.js engine runs: what convolutional networks in float32 are made of. */
export const tfjsOpNames = [
  'Conv',
  'Gemm',
  'AveragePool',
  'MaxPool',
  'ReduceMean',
  'Reshape',
  'Transpose',
  'Pad',
  'Concat',
  'Slice',
  'Softmax',
  'Sigmoid',
  'Relu',
  'Clip',
  'LeakyRelu',
  'Add',
  'Mul',
] as const satisfies readonly OpName[];

/** Name of an op that the TensorFlow.js engine runs. */
export type TfjsOpName = (typeof tfjsOpNames)[number];

/** What of the graph the TensorFlow.js engine cannot run, by name, each once; empty where it runs all. */
export function opsWithoutTfjs(graph: Graph): readonly string[] {
  return [...new Set(graph.nodes.flatMap((node) => unsupported(node, graph))), ...openParts(graph)];
}

/**
 * Refuses a graph that the TensorFlow.js engine does not run.
 * @throws ModelFormatError with the ops by name.
 */
export function requireTfjsOps(graph: Graph): void {
  const unsupported = opsWithoutTfjs(graph);
  if (unsupported.length === 0) return;
  throw new ModelFormatError(`ops ${unsupported.join(', ')}`, `none but ${tfjsOpNames.join(', ')}`);
}

/** Whether every input channel of a convolution has filters of its own. */
export function isDepthwise(node: Extract<Node, {op: 'Conv'}>, graph: Graph): boolean {
  const {group} = node.attributes;
  return group > 1 && group === tensorOf(graph, node.inputs[0]).shape[1];
}

function unsupported(node: Node, graph: Graph): readonly string[] {
  if (!tfjsOpNames.some((name) => name === node.op)) return [node.op];
  if (node.op !== 'Conv' || node.attributes.group === 1 || isDepthwise(node, graph)) return [];
  return [`Conv with ${node.attributes.group} groups`];
}
