/**
 * Where files are kept: `opfs` and `cache` outlast the visit, `memory` ends with the worker.
 * `cache` is for browsers without synchronous access handles.
 */
export type StoreKind = 'opfs' | 'cache' | 'memory';

/** What is said of a whole file when it is kept. */
export interface FileEntry {
  /** SHA-256 of its bytes, lower-case hex: the name by which it is found. */
  readonly sha256: string;
  /** As its publisher calls it, for people. */
  readonly name: string;
  /** The system that it was got for. */
  readonly systemId?: string | undefined;
  /** Of what it was made on this device, where it was not downloaded; several files may share it. */
  readonly madeFrom?: string | undefined;
}

/** A whole file that is kept. */
export interface StoredFile extends FileEntry {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly storedAt: number;
  /** When `find` last gave it; milliseconds since 1970. */
  readonly lastUsedAt: number;
}

/** A file of which only the beginning is there. */
export interface StoredPartial {
  readonly key: string;
  readonly bytes: number;
  /** Of the whole file, where that was known. */
  readonly expectedBytes: number | undefined;
}

/** How much room there is. */
export interface StorageEstimate {
  /** Bytes of the files here, whole and partial. */
  readonly modelBytes: number;
  /** Bytes that the whole site uses, as the browser counts; undefined where it does not say. */
  readonly usedBytes: number | undefined;
  /** Bytes that the site may use at most; undefined where the browser does not say. */
  readonly quotaBytes: number | undefined;
  /** Whether the browser has promised not to clear the site's storage on its own. */
  readonly isPersisted: boolean;
}

/**
 * Keeps files under their SHA-256, so that versions never mix. Several workers and tabs may use one at once: a file
 * appears whole or not at all. Nothing is digested here: who finds a file compares it with its digest before use, and
 * removes it where it is another. Worker; `StorageManager.persist()` is for pages only, so it is not here.
 */
export interface ModelStore {
  readonly kind: StoreKind;
  /** Why nothing better than `kind` could be had, for the page to tell; undefined for `opfs`. */
  readonly reason: string | undefined;
  /** A whole file; undefined where it is not there, or not any more because the browser cleared it. */
  find(sha256: string): Promise<Blob | undefined>;
  /**
   * Begins a file, or goes on with one that is not whole. One at a time may have it open: a second one waits some
   * seconds, in case the first is a closing tab's.
   * @param key names the partial file; any text, such as the file's URL or digest.
   * @param expectedBytes of the whole file; the room for it is checked where it is given.
   * @throws StorageFullError where there is no room for the rest of it.
   * @throws FileInUseError where another worker keeps it open.
   */
  openPartial(key: string, expectedBytes?: number): Promise<PartialFile>;
  /** The whole files, the one that was used last first. */
  list(): Promise<readonly StoredFile[]>;
  /** The partial files. */
  listPartials(): Promise<readonly StoredPartial[]>;
  /** Removes a whole file; nothing happens where it is not there. */
  remove(sha256: string): Promise<void>;
  /** Removes a partial file; false where a worker has it open. */
  removePartial(key: string): Promise<boolean>;
  estimate(): Promise<StorageEstimate>;
}

/**
 * A file that is being written, at its end only. What was appended survives the worker, and is there when it is opened
 * again. Calls must not overlap. Has the shape of a `SizedRandomAccess`, so that what is there can be digested.
 */
export interface PartialFile {
  /** Bytes that are there. */
  readonly sizeBytes: number;
  /** The ETag or Last-Modified that was given for what is there. */
  readonly validator: string | undefined;
  /** Gives up to `length` bytes from `offset` on; none only at the end. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Adds bytes at the end; those given may change once it has settled.
   * @throws StorageFullError where there is no room for them; what was there before stays.
   */
  append(chunk: Uint8Array): Promise<void>;
  /** Empties it, for a file with this validator. */
  restart(validator?: string): Promise<void>;
  /** Makes it a whole file, and closes it. Where that is there already, that one stays and is given. */
  commit(entry: FileEntry): Promise<Blob>;
  /** Removes it, and closes it. */
  discard(): Promise<void>;
  /** Lets go of it, for a later `openPartial` to go on with. Does nothing once it is closed. */
  close(): Promise<void>;
}
