/** A CacheStorage in memory that has one cache and can do no more than open, match and put. */
export function fakeCaches(): Pick<CacheStorage, 'open'> {
  const texts = new Map<string, string>();
  const cache = {
    match: async (url: string) => {
      const text = texts.get(url);
      return text === undefined ? undefined : new Response(text);
    },
    put: async (url: string, response: Response) => {
      texts.set(url, await response.text());
    },
  };
  return {open: async () => cache as unknown as Cache};
}
