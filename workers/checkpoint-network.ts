import {BlobSink} from '../src/import/blob-sink.ts';
import {checkpointFileOf} from '../src/import/checkpoint-file.ts';
import {importCheckpoint, type CheckpointSystem} from '../src/import/import-checkpoint.ts';
import {
  networkOf,
  precisionOf,
  readImported,
  totalBytesOf,
  type ImportedNetwork,
} from '../src/import/imported-network.ts';
import {MANIFEST_FILE, type FileRecord, type Manifest, type SourceRecord} from '../src/import/manifest.ts';
import {readManifest} from '../src/import/read-manifest.ts';
import {downloadBlob, readWeights} from '../src/models/read-weights.ts';
import type {ProgressFact} from '../src/protocol/messages.ts';
import {SpeechError} from '../src/protocol/speech-error.ts';
import type {NetworkRequest} from './network-loader.ts';

/** A manifest names a handful of files: more than this is none. */
const MAX_MANIFEST_BYTES = 1024 * 1024;

/** What an imported network is made of. */
export interface CheckpointNetwork {
  readonly source: SourceRecord;
  readonly network: ImportedNetwork;
}

/** How to read it. */
export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Told once there is something to read: what opens the network can be made ready meanwhile. */
  readonly onReading: () => void;
  readonly onProgress: (phase: ProgressFact['phase'], loadedBytes: number, totalBytes: number) => void;
}

/**
 * Imports the visitor's own checkpoint, or downloads the network that the site has imported, from `<modelBase>/<id>/`.
 * Worker.
 * @throws SpeechError `network` where the site has none: says how to make it; RangeError where the numerics asked for
 * cannot be had; whatever importing and reading throw.
 */
export async function readCheckpointNetwork(
  system: CheckpointSystem,
  request: NetworkRequest,
  options: ReadOptions,
): Promise<CheckpointNetwork> {
  const {weights} = request;
  return weights
    ? await importOwn(system, {...request, weights}, options)
    : await downloadImported(system, request, options);
}

async function importOwn(
  system: CheckpointSystem,
  {weights, numerics, allowUnverified}: NetworkRequest & {readonly weights: Blob},
  {signal, onReading, onProgress}: ReadOptions,
): Promise<CheckpointNetwork> {
  onReading();
  const sink = new BlobSink();
  const manifest = await importCheckpoint({
    file: checkpointFileOf(weights),
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

async function downloadImported(
  {card: {id, weights}}: CheckpointSystem,
  {modelBase, numerics, allowUnverified}: NetworkRequest,
  {signal, onReading, onProgress}: ReadOptions,
): Promise<CheckpointNetwork> {
  const base = new URL(`${id}/`, modelBase);
  const manifest = await downloadManifest(new URL(MANIFEST_FILE, base).href, signal).catch(
    (cause: unknown) => {
      if (!(cause instanceof SpeechError)) throw cause;
      const published = weights.homePage === undefined ? '' : ` (published at ${weights.homePage})`;
      const expected = `weights: ${weights.name}${published}, or there what "earshot import" makes of it`;
      throw new SpeechError(cause.code, `${cause.message}; for ${id} expected ${expected}`, {cause});
    },
  );
  onReading();
  const totalBytes = totalBytesOf(manifest);
  let before = 0;
  const read = async ({path, bytes}: FileRecord): Promise<Blob> => {
    const blob = await downloadBlob(new URL(path, base).href, {
      maxBytes: bytes,
      signal,
      onProgress: (loadedBytes) => {
        onProgress('download', before + loadedBytes, totalBytes);
      },
    });
    before += bytes;
    return blob;
  };
  const network = await readImported(manifest, {
    pinned: {id, accepted: weights.accepted},
    numerics,
    allowUnverified,
    read,
    onProgress: (doneBytes) => {
      onProgress('verify', doneBytes, totalBytes);
    },
    signal,
  });
  return {source: manifest.source, network};
}

async function downloadManifest(url: string, signal: AbortSignal): Promise<Manifest> {
  const onProgress = (): void => undefined; // it is nothing beside the files that it names
  const bytes = await readWeights(url, {maxBytes: MAX_MANIFEST_BYTES, signal, onProgress});
  return readManifest(new TextDecoder().decode(bytes));
}
