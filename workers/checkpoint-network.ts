import {checkpointFileOf} from '../src/import/checkpoint-file.ts';
import type {CheckpointSystem, ImportProgress} from '../src/import/import-checkpoint.ts';
import {importOnce} from '../src/import/import-once.ts';
import {checkManifest, networkOf, precisionOf, type FileData} from '../src/import/imported-network.ts';
import {findKeptCheckpoint, readKeptImport, type SourcedNetwork} from '../src/import/kept-import.ts';
import {MANIFEST_FILE, type Manifest} from '../src/import/manifest.ts';
import {readManifest} from '../src/import/read-manifest.ts';
import type {SystemCard} from '../src/models/catalogue.ts';
import {explainMissing} from '../src/models/explain-missing.ts';
import type {FileLibrary, WantedFile} from '../src/models/file-library.ts';
import type {LoadFiles} from '../src/models/load-files.ts';
import {inSiteFolder, locateImported, locateWeights} from '../src/models/locate-files.ts';
import type {ModelStore} from '../src/models/storage/model-store.ts';
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
  /** The checkpoint as it is published, or what was imported of it on an earlier visit. */
  | {
      readonly kind: 'published';
      readonly checkpoint: WantedFile;
      /** SHA-256 of the one that was imported: then there is no file to get. */
      readonly keptSha256: string | undefined;
      readonly files: readonly WantedFile[];
      readonly siteError: Error;
    };

/** How to read it. */
export interface ReadOptions {
  /** The files that were planned; absent for the visitor's own. */
  readonly files: LoadFiles | undefined;
  /** Where imported networks are kept. */
  readonly store: ModelStore;
  readonly signal: AbortSignal;
  /** Told once there is something to read: what opens the network can be made ready meanwhile. */
  readonly onReading: () => void;
  readonly onProgress: (phase: ProgressFact['phase'], loadedBytes: number, totalBytes: number) => void;
}

/**
 * Looks where a system's network may be had: imported, as the site has it in `<folder>/<id>/`, else as it is published.
 * Worker. The site is asked each time, for its manifest alone, because it may have imported the network anew; without a
 * connection the manifest holds that was there before.
 * @param places with the numerics that the network must have, where they are asked for.
 * @throws ModelFormatError where the site's manifest is none; the signal's reason where it aborts.
 */
export async function findCheckpoint(
  card: SystemCard,
  places: ModelPlaces & Pick<NetworkRequest, 'numerics'>,
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
    const checkpoint = {file: locateWeights(card, places), modelId: id};
    const keptSha256 = await findKeptCheckpoint(library.store, card.weights.accepted, places.numerics);
    const files = keptSha256 === undefined ? [checkpoint] : [];
    return {kind: 'published', checkpoint, keptSha256, files, siteError: error};
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
): Promise<SourcedNetwork> {
  options.onReading();
  if (from.kind === 'own') return await importBlob(system, from.blob, request, options);
  if (from.kind === 'imported') return await readImported(system, from, request, options);
  const kept = await readKept(system, from, request, options);
  if (kept) return kept;
  const {name} = system.card.weights;
  const {blob} = await planned(options)
    .get(from.checkpoint)
    .catch((error: unknown) => {
      throw explainMissing(system.card, error, from.siteError);
    });
  return await importBlob(system, new File([blob], name), request, options);
}

async function readKept(
  system: CheckpointSystem,
  {keptSha256}: Extract<CheckpointSource, {readonly kind: 'published'}>,
  request: NetworkRequest,
  {store, signal, onProgress}: ReadOptions,
): Promise<SourcedNetwork | undefined> {
  if (keptSha256 === undefined) return undefined;
  const {id, weights} = system.card;
  const origin = {sha256: keptSha256, precision: precisionFor(system, request)};
  return await readKeptImport(store, origin, {
    pinned: {id, accepted: weights.accepted},
    onProgress: (doneBytes, totalBytes) => {
      onProgress('verify', doneBytes, totalBytes);
    },
    signal,
  });
}

async function importBlob(
  system: CheckpointSystem,
  blob: Blob,
  request: NetworkRequest,
  {store, signal, onProgress}: ReadOptions,
): Promise<SourcedNetwork> {
  const checkpoint = {
    file: checkpointFileOf(blob),
    system,
    precision: precisionFor(system, request),
    allowUnverified: request.allowUnverified,
    onProgress: ({phase, doneBytes, totalBytes}: ImportProgress): void => {
      onProgress(phase, doneBytes, totalBytes);
    },
    signal,
  };
  return await importOnce(checkpoint, store);
}

function precisionFor(
  {precisions}: CheckpointSystem,
  {numerics}: NetworkRequest,
): ReturnType<typeof precisionOf> {
  return numerics ? precisionOf(numerics) : precisions[0];
}

async function readImported(
  {card: {id, weights}}: CheckpointSystem,
  {manifest, files}: Extract<CheckpointSource, {readonly kind: 'imported'}>,
  {numerics, allowUnverified}: NetworkRequest,
  options: ReadOptions,
): Promise<SourcedNetwork> {
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
