import {ModelIntegrityError} from '../models/model-integrity-error.ts';
import type {ModelStore, StoredFile} from '../models/storage/model-store.ts';
import {sha256Hex} from '../models/verify-weights.ts';
import {markOf, markOfAnyVersion, type ImportOrigin} from './import-origin.ts';
import {readImported, type ImportedNetwork, type ReadFilesOptions} from './imported-network.ts';
import {MANIFEST_FILE, type FileRecord, type Manifest, type SourceRecord} from './manifest.ts';
import {readManifest} from './read-manifest.ts';

/** An imported network, and the checkpoint that it was made of. */
export interface SourcedNetwork {
  readonly source: SourceRecord;
  readonly network: ImportedNetwork;
}

/**
 * Reads the network that was imported from a checkpoint and compares each of its files with its digest. Worker.
 * @returns undefined where it is not there; what is there is removed where a part of it is gone or has changed.
 * @throws as `readImported`, but for files that have changed.
 */
export async function readKeptImport(
  store: ModelStore,
  origin: ImportOrigin,
  options: Omit<ReadFilesOptions, 'read'>,
): Promise<SourcedNetwork | undefined> {
  const entry = findManifest(await store.list(), origin);
  if (!entry) return undefined;
  const read = async ({sha256}: Pick<FileRecord, 'sha256'>): Promise<Blob> => {
    const blob = await store.find(sha256);
    if (blob) return blob;
    throw new ModelIntegrityError('a part that is gone', `the file with SHA-256 ${sha256}`);
  };
  try {
    const bytes = new Uint8Array(await (await read(entry)).arrayBuffer());
    const manifest = await checkedManifest(bytes, entry);
    return {source: manifest.source, network: await readImported(manifest, {...options, read})};
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!isOfStorage(error)) throw error;
    await removeKeptImport(store, origin);
    return undefined;
  }
}

function findManifest(stored: readonly StoredFile[], origin: ImportOrigin): StoredFile | undefined {
  const mark = markOf(origin);
  return stored.find(({name, madeFrom}) => name === MANIFEST_FILE && madeFrom === mark);
}

async function checkedManifest(bytes: Uint8Array, {sha256}: StoredFile): Promise<Manifest> {
  const got = await sha256Hex(bytes);
  if (got === sha256) return readManifest(new TextDecoder().decode(bytes));
  throw new ModelIntegrityError(`a manifest with SHA-256 ${got}`, sha256);
}

/** Whether a file has changed in storage, or was cleared while it was read. */
function isOfStorage(error: unknown): boolean {
  return (
    error instanceof ModelIntegrityError ||
    (error instanceof Error && ['NotFoundError', 'NotReadableError'].includes(error.name))
  );
}

/** Removes what was imported from a checkpoint. Worker. */
export async function removeKeptImport(store: ModelStore, origin: ImportOrigin): Promise<void> {
  const mark = markOf(origin);
  await removeWhere(store, ({madeFrom}) => madeFrom === mark);
}

/** Removes what other versions of Earshot have imported from a checkpoint. Worker. */
export async function removeOtherVersions(store: ModelStore, origin: ImportOrigin): Promise<void> {
  const [mark, start] = [markOf(origin), markOfAnyVersion(origin)];
  await removeWhere(store, ({madeFrom}) => madeFrom !== mark && madeFrom?.startsWith(start) === true);
}

async function removeWhere(store: ModelStore, isUnwanted: (file: StoredFile) => boolean): Promise<void> {
  for (const file of await store.list()) {
    if (isUnwanted(file)) await store.remove(file.sha256);
  }
}
