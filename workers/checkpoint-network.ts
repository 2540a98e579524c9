import {checkpointFileOf} from '../src/import/checkpoint-file.ts';
import type {CheckpointSystem, ImportProgress} from '../src/import/import-checkpoint.ts';
import {importOnce} from '../src/import/import-once.ts';
import {checkManifest, networkOf, type FileData} from '../src/import/imported-network.ts';
import {readKeptImport, type SourcedNetwork} from '../src/import/kept-import.ts';
import {precisionOf} from '../src/import/precision-of.ts';
import {explainMissing} from '../src/models/explain-missing.ts';
import type {LoadFiles} from '../src/models/load-files.ts';
import type {ModelStore} from '../src/models/storage/model-store.ts';
import type {ProgressFact} from '../src/protocol/messages.ts';
import {SpeechError} from '../src/protocol/speech-error.ts';
import type {CheckpointSource} from './find-checkpoint.ts';
import type {NetworkRequest} from './network-loader.ts';

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
