import {SpeechError} from '../../protocol/speech-error.ts';
import type {StoredFile} from './model-store.ts';

/** What a file needs, and what there is. */
export interface Shortage {
  readonly neededBytes: number;
  /** Bytes that the site may still use; undefined where the browser does not say. */
  readonly freeBytes: number | undefined;
  /** What could be removed, in the order in which to do so. */
  readonly removable: readonly StoredFile[];
}

/** A file that there is no room for: says what it needs, and what could be removed. */
export class StorageFullError extends SpeechError implements Shortage {
  readonly neededBytes: number;
  readonly freeBytes: number | undefined;
  readonly removable: readonly StoredFile[];

  constructor({neededBytes, freeBytes, removable}: Shortage, options?: ErrorOptions) {
    const free = freeBytes === undefined ? 'less' : inMegabytes(freeBytes);
    const message = `got ${free} free in the site's storage, expected ${inMegabytes(neededBytes)}`;
    super('storage-full', `${message}; ${describeRemovable(removable)}`, options);
    this.name = 'StorageFullError';
    this.neededBytes = neededBytes;
    this.freeBytes = freeBytes;
    this.removable = removable;
  }
}

function describeRemovable(files: readonly StoredFile[]): string {
  if (files.length === 0) return 'there is no model that could be removed';
  const named = files.map(({name, bytes}) => `${name} (${inMegabytes(bytes)})`);
  return `what could be removed, least recently used first: ${named.join(', ')}`;
}

/** Room is said exact to 0.1 MB: nobody frees less. */
function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
