import {BlobSink} from '../src/import/blob-sink.ts';
import {checkpointFileOf} from '../src/import/checkpoint-file.ts';
import {importCheckpoint, type CheckpointSystem} from '../src/import/import-checkpoint.ts';
import {
  checkManifest,
  networkOf,
  precisionOf,
  type FileData,
  type ImportedNetwork,
} from '../src/import/imported-network.ts';
import {MANIFEST_FILE, type Manifest, type SourceRecord} from '../src/import/manifest.ts';
import {readManifest} from '../src/import/read-manifest.ts';
import type {SystemCard} from '../src/models/catalogue.ts';
import {explainMissing} from '../src/models/explain-missing.ts';
import type {FileLibrary, WantedFile} from '../src/models/file-library.ts';
import type {LoadFiles} from '../src/models/load-files.ts';
import {inSiteFolder, locateImported, locateWeights} from '../src/models/locate-files.ts';
import type {ProgressFact} from '../src/protocol/messages.ts';
import type {ModelPlaces} from '../src/protocol/model-messages.ts';
import {SpeechError} from '../src/protocol/speech-error.ts';
import type {NetworkRequest} from './network-loader.ts';

/** A manifest names a handful of files: more than this is none. */
const MAX_MANIFEST_BYTES = 1024 * 1024;

/** Where the network of a system comes from that is published as a checkpoint. */
export type CheckpointSource =
  /** The visitor's own checkpoint. */
  | {readonly kind: 'own'; readonly blob: Blob}
  /** What the site has imported, or had when it was last asked. */
  | {readonly kind: 'imported'; readonly manifest: Manifest; readonly files: readonly WantedFile[]}
  /** The checkpoint as it is published. */
  | {readonly kind: 'published'; readonly files: readonly [WantedFile]; readonly siteError: Error};

/** What an imported network is made of. */
export interface CheckpointNetwork {
  readonly source: SourceRecord;
  readonly network: ImportedNetwork;
}

/** How to read it. */
export interface ReadOptions {
  /** The files that were planned; absent for the visitor's own. */
  readonly files: LoadFiles | undefined;
  readonly signal: AbortSignal;
  /** Told once there is something to read: what opens the network can be made ready meanwhile. */
  readonly onReading: () => void;
  readonly onProgress: (phase: ProgressFact['phase'], loadedBytes: number, totalBytes: number) => void;
}

/**
 * Looks where a system's network may be had: imported, as the site has it in `<folder>/<id>/`, else as it is published.
 * Worker. The site is asked each time, for its manifest alone, because it may have imported the network anew; without a
 * connection the manifest holds that was there before.
 * @throws ModelFormatError where the site's manifest is none; the signal's reason where it aborts.
 */
export async function findCheckpoint(
  card: SystemCard,
  places: ModelPlaces,
  library: FileLibrary,
  signal: AbortSignal,
): Promise<Exclude<CheckpointSource, {readonly kind: 'own'}>> {
  const {id} = card;
  const urls = [inSiteFolder(`${id}/${MANIFEST_FILE}`, places)];
  const wanted: WantedFile = {file: {name: MANIFEST_FILE, urls, accepted: []}, modelId: id};
  const onDownload = (): void => undefined; // it is nothing beside the files that it names
  const options = {maxBytes: MAX_MANIFEST_BYTES, signal, onDownload, onVerify: onDownload};
  try {
    const {blob} = await library.getNewest(wanted, options);
    const manifest = readManifest(await blob.text());
    const files = manifest.files.map((file) => ({file: locateImported(id, file, places), modelId: id}));
    return {kind: 'imported', manifest, files};
  } catch (error) {
    signal.throwIfAborted();
    if (!isOfDownload(error)) throw error;
    return {
      kind: 'published',
      files: [{file: locateWeights(card, places), modelId: id}],
      siteError: error,
    };
  }
}

/**
 * Imports a checkpoint, the visitor's own or the published one, or gets the network that the site has imported. Worker.
 * @throws SpeechError `network` where neither is to be had: says how to make it; RangeError where the numerics asked for
 * cannot be had; whatever importing and reading throw.
 */
export async function readCheckpointNetwork(
  system: CheckpointSystem,
  from: CheckpointSource,
  request: NetworkRequest,
  options: ReadOptions,
): Promise<CheckpointNetwork> {
  options.onReading();
  if (from.kind === 'own') return await importBlob(system, from.blob, request, options);
  if (from.kind === 'imported') return await readImported(system, from, request, options);
  const {name} = system.card.weights;
  const {blob} = await planned(options)
    .get(from.files[0])
    .catch((error: unknown) => {
      throw explainMissing(system.card, error, from.siteError);
    });
  return await importBlob(system, new File([blob], name), request, options);
}

async function importBlob(
  system: CheckpointSystem,
  blob: Blob,
  {numerics, allowUnverified}: NetworkRequest,
  {signal, onProgress}: ReadOptions,
): Promise<CheckpointNetwork> {
  const sink = new BlobSink();
  const manifest = await importCheckpoint({
    file: checkpointFileOf(blob),
    system,
    precision: numerics ? precisionOf(numerics) : system.precisions[0],
    sink,
    allowUnverified,
    onProgress: ({phase, doneBytes, totalBytes}) => {
      onProgress(phase, doneBytes, totalBytes);
    },
    signal,
  });
  return {source: manifest.source, network: await networkOf(manifest, sink.files)};
}

async function readImported(
  {card: {id, weights}}: CheckpointSystem,
  {manifest, files}: Extract<CheckpointSource, {readonly kind: 'imported'}>,
  {numerics, allowUnverified}: NetworkRequest,
  options: ReadOptions,
): Promise<CheckpointNetwork> {
  const pinned = {id, accepted: weights.accepted};
  checkManifest(manifest, {pinned, numerics, allowUnverified});
  const read = new Map<string, FileData>();
  for (const wanted of files) {
    const {blob} = await planned(options).get(wanted);
    read.set(wanted.file.name, blob);
  }
  return {source: manifest.source, network: await networkOf(manifest, read)};
}

function planned({files}: ReadOptions): LoadFiles {
  if (files) return files;
  throw new SpeechError('internal', 'got a network to download, expected a plan first');
}

/** Whether the site does not have, or does not give, what it was asked for. */
function isOfDownload(error: unknown): error is Error {
  if (!(error instanceof Error && 'code' in error)) return false;
  return error.code === 'network' || error.code === 'model-integrity' || error.code === 'csp-blocked';
}
