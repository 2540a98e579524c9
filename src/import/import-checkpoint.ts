import {openCheckpoint, type OpenCheckpointOptions} from '../formats/checkpoint/checkpoint.ts';
import type {FileSink} from '../formats/onnx/file-sink.ts';
import {writeOnnxFiles} from '../formats/onnx/write-onnx-files.ts';
import type {Precision} from '../graph/precision.ts';
import {validateGraph} from '../graph/validate-graph.ts';
import {computeDigests} from '../models/file-digests.ts';
import {choiceFor} from '../models/running-digests.ts';
import {verifyDigests} from '../models/verify-weights.ts';
import {EARSHOT_VERSION} from '../protocol/version.ts';
import type {CheckpointSystem} from '../systems/transcription-system.ts';
import type {CheckpointFile} from './checkpoint-file.ts';
import {MANIFEST_FILE, MANIFEST_FORMAT, type Manifest, type SourceRecord} from './manifest.ts';
import {RecordingSink} from './recording-sink.ts';
import {valuesOf} from './values-of.ts';

export type {CheckpointSystem} from '../systems/transcription-system.ts';

/** Where an imported network goes. Nothing of it is seen before `commit`. */
export interface ImportSink extends FileSink {
  /** Makes the files that were written appear under their names. */
  commit(): Promise<void>;
  /** Removes whatever was written. */
  discard(): Promise<void>;
}

/** How far an import is: `verify` reads the checkpoint to tell which file it is, `import` writes the network. */
export interface ImportProgress {
  readonly phase: 'verify' | 'import';
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** What is to be imported, and into what. */
export interface ImportRequest {
  readonly file: CheckpointFile;
  readonly system: CheckpointSystem;
  readonly precision: Precision;
  readonly sink: ImportSink;
  /** What `verifyCheckpoint` has said of the file, where it was asked before. */
  readonly source?: SourceRecord | undefined;
  /** Where a checkpoint goes that is deflated in a ZIP. */
  readonly keepInflated?: OpenCheckpointOptions['keepInflated'];
  /** Takes a file that the system's card does not list; without effect where it lists none. Default false. */
  readonly allowUnverified?: boolean | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Turns a published checkpoint into the files that an engine opens, with a manifest of them: tensor by tensor, so that
 * neither the checkpoint nor the network is ever in memory as a whole. The digest of the checkpoint is compared with the
 * system's card before anything is parsed. Worker or Node.
 * @throws RangeError where the system cannot be had in the precision.
 * @throws ModelIntegrityError where the card lists other files, and unverified ones are not allowed.
 * @throws ModelFormatError where the file is no checkpoint, or not one of this system.
 * @throws the signal's reason where it aborts; whatever the file or the sink throw. In each case the sink has been told
 * to discard what was written.
 */
export async function importCheckpoint(request: ImportRequest): Promise<Manifest> {
  const {system, precision, sink} = request;
  if (!system.precisions.includes(precision)) {
    throw new RangeError(
      `${system.card.id}: got precision ${precision}, expected ${system.precisions.join(' or ')}`,
    );
  }
  try {
    const source = request.source ?? (await verifyCheckpoint(request));
    const manifest = await writeNetwork(request, source);
    await sink.commit();
    return manifest;
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

/**
 * Tells which checkpoint a file is, by its digest. Worker or Node.
 * @throws ModelIntegrityError where the card lists other files, and unverified ones are not allowed.
 * @throws the signal's reason where it aborts; whatever the file throws.
 */
export async function verifyCheckpoint({
  file,
  system: {card},
  allowUnverified = false,
  onProgress,
  signal,
}: Omit<ImportRequest, 'sink' | 'precision'>): Promise<SourceRecord> {
  const {accepted} = card.weights;
  const digests = await computeDigests(file, {
    ...choiceFor(accepted),
    onProgress: (doneBytes, totalBytes) => onProgress?.({phase: 'verify', doneBytes, totalBytes}),
    signal,
  });
  const info = verifyDigests({id: card.id, accepted}, digests, {
    allowUnverified: allowUnverified || accepted.length === 0,
  });
  return {name: file.name, bytes: digests.bytes, ...info};
}

async function writeNetwork(
  {file, system, precision, sink, keepInflated, onProgress, signal}: ImportRequest,
  source: SourceRecord,
): Promise<Manifest> {
  const graph = system.buildGraph(await openCheckpoint(file, {...(keepInflated && {keepInflated})}));
  validateGraph(graph);
  const recorder = new RecordingSink(sink);
  await writeOnnxFiles(graph, {
    precision,
    sink: recorder,
    onProgress: (doneBytes, totalBytes) => onProgress?.({phase: 'import', doneBytes, totalBytes}),
    signal,
  });
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    system: system.card.id,
    precision,
    producer: `earshot ${EARSHOT_VERSION}`,
    source,
    files: recorder.files,
    inputs: valuesOf(graph, graph.inputs),
    outputs: valuesOf(graph, graph.outputs),
  };
  const writer = await sink.create(MANIFEST_FILE);
  await writer.write(new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`));
  await writer.close();
  return manifest;
}
