import {BackedModelStore} from './backed-model-store.ts';
import {ownLocks, sharedLocks} from './file-locks.ts';
import {memoryBlobs, openCacheBlobs} from './keyed-blobs.ts';
import type {ModelStore} from './model-store.ts';
import {openOpfs} from './opfs-backend.ts';
import {PiecesBackend} from './pieces-backend.ts';
import type {StorageBackend} from './storage-backend.ts';

/** What a thread has to keep files in; all is absent in insecure contexts. */
export interface StorageEnvironment {
  readonly storage: Pick<StorageManager, 'getDirectory' | 'estimate' | 'persisted'> | undefined;
  readonly caches: Pick<CacheStorage, 'open'> | undefined;
  readonly locks: Pick<LockManager, 'request'> | undefined;
  /** Any URL of this origin; nothing is ever fetched from there. */
  readonly baseUrl: string;
}

/**
 * Opens the best storage that this browser and this visitor allow: private files, else the cache, else memory; the
 * store says which it is, and why. Worker.
 */
export async function openModelStore({
  storage,
  caches,
  locks,
  baseUrl,
}: StorageEnvironment): Promise<ModelStore> {
  const openCache = async (): Promise<StorageBackend> => {
    const blobs = await openCacheBlobs(have(caches), baseUrl);
    return new PiecesBackend('cache', blobs, locks ? sharedLocks(locks) : ownLocks());
  };
  const ways: readonly [name: string, open: () => Promise<StorageBackend>][] = [
    ['private files', async () => await openOpfs(have(storage))],
    ['the cache', openCache],
  ];
  const reasons: string[] = [];
  for (const [name, open] of ways) {
    try {
      const backend = await open();
      return new BackedModelStore(backend, {storage, reason: reasons[0]});
    } catch (error) {
      reasons.push(`no ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const reason = `models are kept until the page is left only, ${reasons.join('; ')}`;
  return new BackedModelStore(new PiecesBackend('memory', memoryBlobs(), ownLocks()), {reason});
}

function have<Value>(value: Value | undefined): Value {
  if (value !== undefined) return value;
  throw new TypeError('got a page without storage, expected a secure context (HTTPS or localhost)');
}
