/** Name of the cache that holds the pieces of files. */
const CACHE_NAME = 'earshot-models';

/** Blobs under keys. */
export interface KeyedBlobs {
  keys(): Promise<readonly string[]>;
  get(key: string): Promise<Blob | undefined>;
  /** @throws DOMException `QuotaExceededError` */
  set(key: string, blob: Blob): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Blobs that are gone with the worker. */
export function memoryBlobs(): KeyedBlobs {
  const blobs = new Map<string, Blob>();
  return {
    keys: async () => [...blobs.keys()],
    get: async (key) => blobs.get(key),
    set: async (key, blob) => void blobs.set(key, blob),
    delete: async (key) => void blobs.delete(key),
  };
}

/**
 * Blobs in a cache of the origin: no request is made. Any thread.
 * @param caches of the thread.
 * @param baseUrl any URL of this origin; keys are its query. Nothing is ever fetched from there.
 * @throws DOMException where the visitor denies storage.
 */
export async function openCacheBlobs(
  caches: Pick<CacheStorage, 'open'>,
  baseUrl: string,
): Promise<KeyedBlobs> {
  // asked for each time: after the browser has cleared it, a cache that is held takes in what nobody finds
  const open = async (): Promise<Cache> => await caches.open(CACHE_NAME);
  const urlOf = (key: string): string => new URL(`?${key}`, baseUrl).href;
  await open();
  return {
    keys: async () => (await (await open()).keys()).map(({url}) => new URL(url).search.slice(1)),
    get: async (key) => await (await (await open()).match(urlOf(key)))?.blob(),
    set: async (key, blob) => {
      await (await open()).put(urlOf(key), new Response(blob));
    },
    delete: async (key) => {
      await (await open()).delete(urlOf(key));
    },
  };
}
