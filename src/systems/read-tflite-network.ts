import {readTflite} from '../formats/tflite/read-tflite.ts';
import type {Graph} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {elementCount, formatShape} from '../graph/shape.ts';

/**
 * A TFLite file as the graph of a system: one input of `inputCount` values, one output of `outputCount`.
 * @throws ModelFormatError where the file cannot be read or holds another kind of network.
 */
export function readTfliteNetwork(weights: Uint8Array, inputCount: number, outputCount: number): Graph {
  const graph = readTflite(weights);
  requireOneTensor(graph, graph.inputs, inputCount, 'inputs');
  requireOneTensor(graph, graph.outputs, outputCount, 'outputs');
  return graph;
}

function requireOneTensor(graph: Graph, names: readonly string[], count: number, what: string): void {
  const shapes = names.map((name) => graph.tensors.get(name)?.shape ?? []);
  if (shapes.length === 1 && shapes.every((shape) => elementCount(shape) === count)) return;
  throw new ModelFormatError(
    `${what} of shapes ${shapes.map(formatShape).join(' ')}`,
    `one of ${count} values`,
  );
}
