import {MODEL_FILE} from '../formats/onnx/write-onnx-files.ts';
import {randomAccessOf, type SizedRandomAccess} from '../formats/random-access.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {computeDigests} from '../models/file-digests.ts';
import {ModelIntegrityError} from '../models/model-integrity-error.ts';
import {describeAccepted, type PinnedFile, type VerifyOptions} from '../models/verify-weights.ts';
import type {NumericsChoice} from '../protocol/messages.ts';
import type {FileRecord, Manifest, ValueRecord} from './manifest.ts';
import {NUMERICS_OF} from './precision-of.ts';

/** What is in a file. */
export type FileData = Blob | Uint8Array<ArrayBuffer>;

/** An imported network as an engine opens it. */
export interface ImportedNetwork {
  readonly name: string;
  readonly numerics: NumericsChoice;
  readonly inputs: readonly ValueRecord[];
  readonly outputs: readonly ValueRecord[];
  readonly model: Uint8Array;
  readonly externalData: readonly {readonly path: string; readonly data: FileData}[];
}

/** What an imported network must be. */
export interface ExpectedNetwork extends VerifyOptions {
  /** The system that the network must be of, and the checkpoints that its card lists. */
  readonly pinned: PinnedFile;
  /** Numerics that the network must have; any where absent. */
  readonly numerics?: NumericsChoice | undefined;
}

/** How to read the files of an imported network. */
export interface ReadFilesOptions extends ExpectedNetwork {
  readonly read: (file: FileRecord) => Promise<FileData>;
  /** Told, once all are read, how many bytes are compared with their digests, of how many. */
  readonly onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares what a manifest says of its network with what is wanted. Any thread.
 * @throws ModelFormatError where it is a network of another system, RangeError where it has other numerics.
 * @throws ModelIntegrityError where the checkpoint was none that the card lists, it lists some, and unverified ones are not
 * allowed.
 */
export function checkManifest(
  manifest: Manifest,
  {pinned, numerics, allowUnverified = false}: ExpectedNetwork,
): void {
  checkSource(manifest, pinned, allowUnverified);
  checkNumerics(manifest, numerics);
}

/**
 * Reads the files of an imported network and compares each with the manifest before anything is opened. Worker or Node.
 * @throws as `checkManifest`; ModelIntegrityError where a file is not the one of which the manifest was written; the
 * signal's reason where it aborts; whatever reading throws.
 */
export async function readImported(
  manifest: Manifest,
  {read, onProgress, signal, ...expected}: ReadFilesOptions,
): Promise<ImportedNetwork> {
  checkManifest(manifest, expected);
  const files: [FileRecord, FileData][] = [];
  for (const file of manifest.files) {
    signal?.throwIfAborted();
    files.push([file, await read(file)]);
  }
  const totalBytes = totalBytesOf(manifest);
  let doneBytes = 0;
  for (const [file, data] of files) {
    const before = doneBytes;
    await verifyFile(file, data, {
      onProgress: (bytes) => onProgress?.(before + bytes, totalBytes),
      signal,
    });
    doneBytes += file.bytes;
  }
  return await networkOf(manifest, new Map(files.map(([{path}, data]) => [path, data])));
}

/** Bytes of all files but the manifest. */
export function totalBytesOf({files}: Manifest): number {
  return files.reduce((sum, {bytes}) => sum + bytes, 0);
}

/**
 * An imported network whose files are known to be those of the manifest.
 * @throws ModelFormatError where the network's own file is not among them.
 */
export async function networkOf(
  {system, precision, inputs, outputs}: Pick<Manifest, 'system' | 'precision' | 'inputs' | 'outputs'>,
  files: ReadonlyMap<string, FileData>,
): Promise<ImportedNetwork> {
  const model = files.get(MODEL_FILE);
  if (!model) throw new ModelFormatError(`files ${[...files.keys()].join(', ')}`, `${MODEL_FILE} among them`);
  return {
    name: system,
    numerics: NUMERICS_OF[precision],
    inputs,
    outputs,
    model: model instanceof Blob ? new Uint8Array(await model.arrayBuffer()) : model,
    externalData: [...files].filter(([path]) => path !== MODEL_FILE).map(([path, data]) => ({path, data})),
  };
}

function checkSource({system, source}: Manifest, {id, accepted}: PinnedFile, allowUnverified: boolean): void {
  if (system !== id) throw new ModelFormatError(`an imported network of ${system}`, `one of ${id}`);
  if (source.verified || allowUnverified || accepted.length === 0) return;
  throw new ModelIntegrityError(
    `a network imported from an unverified file with SHA-256 ${source.sha256}`,
    `weights of ${id}: ${describeAccepted(accepted)}`,
  );
}

function checkNumerics({system, precision}: Manifest, numerics: NumericsChoice | undefined): void {
  const imported = NUMERICS_OF[precision];
  if (numerics === undefined || numerics === imported) return;
  throw new RangeError(
    `got numerics ${numerics}, expected ${imported}: ${system} was imported as ${precision}`,
  );
}

async function verifyFile(
  {path, bytes, sha256}: FileRecord,
  data: FileData,
  options: {readonly onProgress: (doneBytes: number) => void; readonly signal: AbortSignal | undefined},
): Promise<void> {
  const got = await computeDigests(data instanceof Blob ? randomAccessOf(data) : inMemory(data), options);
  if (got.bytes === bytes && got.sha256 === sha256) return;
  throw new ModelIntegrityError(
    `${path} of ${got.bytes} bytes with SHA-256 ${got.sha256}`,
    `${bytes} bytes with SHA-256 ${sha256}, as its manifest says`,
  );
}

function inMemory(bytes: Uint8Array): SizedRandomAccess {
  return {
    sizeBytes: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}
