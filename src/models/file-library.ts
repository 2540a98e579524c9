import {randomAccessOf} from '../formats/random-access.ts';
import type {WeightsInfo} from '../protocol/messages.ts';
import type {downloadFile, DownloadOptions, KnownFile} from './download/download-file.ts';
import {downloadKey} from './download/download-key.ts';
import {downloadOnce} from './download/download-once.ts';
import {computeDigests, type ReadingOptions} from './file-digests.ts';
import type {ModelFile} from './model-file.ts';
import {ModelIntegrityError} from './model-integrity-error.ts';
import {choiceFor} from './running-digests.ts';
import type {ModelStore, StoredFile} from './storage/model-store.ts';
import {StorageFullError} from './storage/storage-full-error.ts';
import {describeDigests, verifyDigests} from './verify-weights.ts';

/** What a library is made of. */
export interface FileLibraryParts {
  readonly store: ModelStore;
  /** Opens a store that ends with the worker, for what is not to be kept or has no room. */
  readonly openMemory: () => Promise<ModelStore>;
  readonly download: typeof downloadFile;
  /** Absent in insecure contexts and Node: there nobody else is waited for. */
  readonly locks: Pick<LockManager, 'request'> | undefined;
}

/** A file, and the model that it belongs to. */
export interface WantedFile {
  readonly file: ModelFile;
  /** Files of which nobody has published a digest are found by it and their name. */
  readonly modelId: string;
}

/** How to get a file. */
export interface GetFileOptions {
  /** Takes a file whose digest is not listed. Default false; without effect where none is. */
  readonly allowUnverified?: boolean | undefined;
  /** Most bytes of a file whose size nobody knows. Default: no limit. */
  readonly maxBytes?: number | undefined;
  /** Does without storage where that is full. Default false: it is an error. */
  readonly mayBeUnkept?: boolean | undefined;
  readonly signal: AbortSignal;
  /** Told of the download: bytes that are there, of how many; 0 where unknown. */
  readonly onDownload: (loadedBytes: number, totalBytes: number) => void;
  /** Told while a stored file is compared with its digest. */
  readonly onVerify: (readBytes: number, totalBytes: number) => void;
  /** Told of a stored file that has changed, which is removed. */
  readonly onDamaged?: ((error: ModelIntegrityError) => void) | undefined;
}

/** Bytes of the visitor's file that are in memory at once. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** A file that may be used: its digest is right, or it is known to be unverified. */
export interface LibraryFile extends WeightsInfo {
  /** In storage wherever that was possible; reading it does not bring it into memory as a whole. */
  readonly blob: Blob;
}

/**
 * Files of models, which stay: each is looked for in storage, compared with its digest again, and downloaded where it is
 * not there or not what it should be. Two tabs that want one file download it once. Worker; no request is made for a file
 * that is there.
 */
export class FileLibrary {
  readonly #parts: FileLibraryParts;

  constructor(parts: FileLibraryParts) {
    this.#parts = parts;
  }

  /** Where files are kept. */
  get store(): ModelStore {
    return this.#parts.store;
  }

  /**
   * Gets a file whose digest is right.
   * @throws ModelIntegrityError where what is delivered is another file: it is not kept; StorageFullError where there is
   * no room; SpeechError `network` and `csp-blocked` as the download says; the signal's reason where it aborts.
   */
  async get(wanted: WantedFile, options: GetFileOptions): Promise<LibraryFile> {
    return await downloadOnce({
      key: downloadKey(wanted.file),
      find: () => this.open(wanted, options),
      download: (onDownload) => this.#download(wanted, {...options, onDownload}),
      signal: options.signal,
      onProgress: options.onDownload,
      locks: this.#parts.locks,
    });
  }

  /**
   * Gets a file that may change at its address, by one request; what was stored of it is given where that fails.
   * @throws as `get`, where nothing is stored.
   */
  async getNewest(wanted: WantedFile, options: GetFileOptions): Promise<LibraryFile> {
    try {
      const memory = await this.#parts.openMemory();
      const newest = await this.#downloadInto(memory, wanted, {...options, retry: {maxAttempts: 1}});
      await this.#replace(wanted, newest);
      return newest;
    } catch (error) {
      options.signal.throwIfAborted();
      const stored = await this.open(wanted, options);
      if (stored) return stored;
      throw error;
    }
  }

  /**
   * Opens a file that is in storage and compares it with its digest; one that has changed there is removed. No request is
   * made.
   * @throws the signal's reason where it aborts.
   */
  async open(wanted: WantedFile, options: GetFileOptions): Promise<LibraryFile | undefined> {
    for (const {sha256} of await this.#candidates(wanted)) {
      const blob = await this.#parts.store.find(sha256);
      const opened = blob && (await this.#verify(wanted, {sha256, blob}, options));
      if (opened) return opened;
    }
    return undefined;
  }

  /** What is known of a file in storage without reading it; undefined where it is not there. */
  async find(wanted: WantedFile): Promise<StoredFile | undefined> {
    const [first] = await this.#candidates(wanted);
    return first;
  }

  /**
   * Removes a file, whole or in part; nothing happens where it is not there.
   * @returns false where another tab is downloading it: that part stays.
   */
  async remove(wanted: WantedFile): Promise<boolean> {
    for (const {sha256} of await this.#candidates(wanted)) await this.#parts.store.remove(sha256);
    return await this.#parts.store.removePartial(downloadKey(wanted.file));
  }

  /**
   * Keeps a file that the visitor has.
   * @throws StorageFullError where there is no room; the signal's reason where it aborts.
   */
  async keep(
    {file: {name}, modelId}: WantedFile,
    {blob, sha256}: {readonly blob: Blob; readonly sha256: string},
    {signal, onProgress}: ReadingOptions = {},
  ): Promise<void> {
    if (await this.#parts.store.find(sha256)) return;
    const partial = await this.#parts.store.openPartial(sha256, blob.size);
    try {
      await partial.restart();
      for (let offset = 0; offset < blob.size; offset += PIECE_BYTES) {
        signal?.throwIfAborted();
        await partial.append(new Uint8Array(await blob.slice(offset, offset + PIECE_BYTES).arrayBuffer()));
        onProgress?.(partial.sizeBytes, blob.size);
      }
      await partial.commit({sha256, name, systemId: modelId});
    } catch (error) {
      await partial.discard();
      throw error;
    }
  }

  /** Keeps the newest file of its name in place of older ones. */
  async #replace(wanted: WantedFile, {blob, sha256}: LibraryFile): Promise<void> {
    const older = (await this.#candidates(wanted)).filter((entry) => entry.sha256 !== sha256);
    await this.keep(wanted, {blob, sha256});
    for (const entry of older) await this.#parts.store.remove(entry.sha256);
  }

  /**
   * Stored files that this could be: by a listed digest, or by name where one that is accepted has no SHA-256; none that
   * was made on this device goes by its name.
   */
  async #candidates({file: {name, accepted}, modelId}: WantedFile): Promise<readonly StoredFile[]> {
    const isByName = accepted.length === 0 || accepted.some(({sha256}) => sha256 === undefined);
    const stored = await this.#parts.store.list();
    return stored.filter(
      (entry) =>
        accepted.some(({sha256}) => sha256 === entry.sha256) ||
        (isByName && entry.name === name && entry.systemId === modelId && entry.madeFrom === undefined),
    );
  }

  async #verify(
    {file: {name, accepted}, modelId}: WantedFile,
    {sha256, blob}: {readonly sha256: string; readonly blob: Blob},
    {allowUnverified = false, signal, onVerify, onDamaged}: GetFileOptions,
  ): Promise<LibraryFile | undefined> {
    const choice = choiceFor(accepted);
    const digests = await computeDigests(randomAccessOf(blob), {...choice, onProgress: onVerify, signal});
    if (digests.sha256 !== sha256) {
      await this.#parts.store.remove(sha256); // changed in storage
      onDamaged?.(new ModelIntegrityError(`${name} with ${describeDigests(digests)}`, `SHA-256 ${sha256}`));
      return undefined;
    }
    try {
      const isAny = allowUnverified || accepted.length === 0;
      return {blob, ...verifyDigests({id: modelId, accepted}, digests, {allowUnverified: isAny})};
    } catch (error) {
      if (error instanceof ModelIntegrityError) return undefined; // another file of that name
      throw error;
    }
  }

  async #download(wanted: WantedFile, options: GetFileOptions): Promise<LibraryFile> {
    try {
      return await this.#downloadInto(this.#parts.store, wanted, options);
    } catch (error) {
      if (!(error instanceof StorageFullError) || options.mayBeUnkept !== true) throw error;
      return await this.#downloadInto(await this.#parts.openMemory(), wanted, options);
    }
  }

  async #downloadInto(
    store: ModelStore,
    wanted: WantedFile,
    {onDownload, ...options}: GetFileOptions & Pick<DownloadOptions, 'retry'>,
  ): Promise<LibraryFile> {
    const {file, modelId} = wanted;
    const partial = await store.openPartial(downloadKey(file), file.bytes);
    try {
      const known = await this.#parts.download(file, partial, {...options, onProgress: onDownload});
      const {sha256, verified, what}: KnownFile = known;
      const blob = await partial.commit({sha256, name: file.name, systemId: modelId});
      return {blob, sha256, verified, what};
    } catch (error) {
      await partial.close(); // what is there is gone on with the next time
      throw error;
    }
  }
}
