import {writeOnnxFiles} from '../formats/onnx/write-onnx-files.ts';
import type {Graph} from '../graph/graph.ts';
import type {Precision} from '../graph/precision.ts';
import {BlobSink} from './blob-sink.ts';
import {networkOf, type ImportedNetwork} from './imported-network.ts';
import {valuesOf} from './values-of.ts';

/**
 * A graph as an engine opens it, written as a checkpoint is imported, but kept by nobody. Worker or Node.
 * @throws ModelFormatError where it cannot be written; the signal's reason where it aborts.
 */
export async function networkOfGraph(
  graph: Graph,
  precision: Precision,
  signal?: AbortSignal,
): Promise<ImportedNetwork> {
  const sink = new BlobSink();
  await writeOnnxFiles(graph, {precision, sink, signal});
  const [inputs, outputs] = [valuesOf(graph, graph.inputs), valuesOf(graph, graph.outputs)];
  return await networkOf({system: graph.name, precision, inputs, outputs}, sink.files);
}
