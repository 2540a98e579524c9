import type {Graph} from '../../graph/graph.ts';
import type {Precision} from '../../graph/precision.ts';
import {encodeOnnx} from './encode-onnx.ts';
import type {FileSink} from './file-sink.ts';
import {createDynamicLowerings} from './lower-dynamic.ts';
import {plainLowerings} from './lower-plain.ts';
import {quantisedLowerings} from './lower-quantised.ts';
import type {DeferredConstants, DeferredOnnxGraph, OnnxConstant, PlacedConstant} from './onnx-graph.ts';
import {externalBytes, WeightsFile} from './weights-file.ts';
import {lowerGraph} from './write-onnx.ts';

/** Name of the network's own file. */
export const MODEL_FILE = 'model.onnx';

/** Name of the file beside it that has its weights. */
export const WEIGHTS_FILE = 'model.onnx.data';

/** How a graph is to be written, and where. */
export interface WriteFilesOptions {
  readonly precision: Precision;
  readonly sink: FileSink;
  /** Told how many bytes of the weights are written, of how many. */
  readonly onProgress?: ((writtenBytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a graph as two files: first {@link WEIGHTS_FILE}, then {@link MODEL_FILE}, which points into it. Constants that
 * are elsewhere are read one after another, so that what it takes of memory is decided by the largest. Any thread.
 * @throws ModelFormatError where an op, a type or a quantisation cannot be said, or a constant is not as large as its
 * shape says; the signal's reason where it aborts; whatever reading constants and the sink throw.
 */
export async function writeOnnxFiles(graph: Graph, options: WriteFilesOptions): Promise<void> {
  const {precision, sink, signal} = options;
  const network = lowerGraph(
    graph,
    quantisedLowerings,
    precision === 'int8' ? createDynamicLowerings() : plainLowerings,
  );
  const constants = await writeWeights(network, options);
  signal?.throwIfAborted();
  const file = await sink.create(MODEL_FILE);
  await file.write(encodeOnnx({...network, constants}));
  await file.close();
}

async function writeWeights(
  network: DeferredOnnxGraph,
  {sink, onProgress, signal}: WriteFilesOptions,
): Promise<readonly PlacedConstant[]> {
  const groups = [...network.constants.map(atHand), ...network.deferred];
  const totalBytes = externalBytes(groups.flatMap(({constants}) => constants));
  const file = await sink.create(WEIGHTS_FILE);
  const weights = new WeightsFile(WEIGHTS_FILE, file);
  const placed: PlacedConstant[] = [];
  for (const {constants, load} of groups) {
    signal?.throwIfAborted();
    const contents = await load();
    for (const [index, value] of constants.entries()) {
      placed.push(await weights.add(value, contents[index] ?? new Uint8Array()));
    }
    onProgress?.(externalBytes(placed), totalBytes);
  }
  await file.close();
  return placed;
}

function atHand(constant: OnnxConstant): DeferredConstants {
  return {constants: [constant], load: () => Promise.resolve([constant.bytes])};
}
