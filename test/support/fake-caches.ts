/** A CacheStorage in memory that has one cache and can do no more than open, keys, match, put and delete. */
export interface FakeCaches extends Pick<CacheStorage, 'open'> {
  /** Bytes that it takes at most: more is refused as a browser does. */
  quotaBytes: number;
  /** What is in it, by URL; tests may take something away. */
  readonly blobs: Map<string, Blob>;
}

/** Makes an empty one without a quota. */
export function fakeCaches(): FakeCaches {
  const blobs = new Map<string, Blob>();
  const headers = new WeakMap<Blob, Headers>();
  const cache = {
    keys: async () => [...blobs.keys()].map((url) => ({url})),
    match: async (url: string) => {
      const blob = blobs.get(url);
      return blob && new Response(blob, {headers: headers.get(blob) ?? {}});
    },
    put: async (url: string, response: Response) => {
      const blob = await response.blob();
      const usedBytes = [...blobs.values()].reduce((sum, {size}) => sum + size, 0);
      if (usedBytes + blob.size > fake.quotaBytes) {
        throw new DOMException('Quota exceeded.', 'QuotaExceededError');
      }
      blobs.set(url, blob);
      headers.set(blob, response.headers);
    },
    delete: async (url: string) => blobs.delete(url),
  };
  const fake = {quotaBytes: Infinity, blobs, open: async () => cache as unknown as Cache};
  return fake;
}
