import type {StoreKind} from './model-store.ts';

/**
 * A flat folder of files that can only grow. Names are plain: letters, digits, dots and dashes. Worker.
 */
export interface StorageBackend {
  readonly kind: StoreKind;
  /** The size of each file in bytes, by its name. */
  sizes(): Promise<ReadonlyMap<string, number>>;
  /** What is in a file; undefined where there is none. */
  read(name: string): Promise<Blob | undefined>;
  /**
   * Opens a file for writing, and makes it where there is none.
   * @throws FileInUseError where another worker keeps it open.
   */
  open(name: string): Promise<OpenFile>;
  /** Removes a file, if it is there; false where it is open and cannot be. */
  remove(name: string): Promise<boolean>;
}

/** A file that is open for writing. Calls must not overlap. */
export interface OpenFile {
  readonly sizeBytes: number;
  /** Gives up to `length` bytes from `offset` on; none only at the end. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Adds bytes at the end. @throws DOMException `QuotaExceededError`; then nothing was added. */
  append(bytes: Uint8Array): Promise<void>;
  /** Looks whether it may grow to this size, where storage can tell. @throws DOMException `QuotaExceededError` */
  reserve(sizeBytes: number): Promise<void>;
  /** Removes all bytes. */
  truncate(): Promise<void>;
  /** Closes it and gives it another name, in place of the file that has it. */
  rename(name: string): Promise<void>;
  /** Closes it and removes it. */
  remove(): Promise<void>;
  /** Does nothing once it is closed. */
  close(): Promise<void>;
}

/** Whether this is a DOMException of one of these names. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
