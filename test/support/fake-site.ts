import {vi, type Mock} from 'vitest';

/** Files by their URL. */
export type SiteFiles = ReadonlyMap<string, Blob | Uint8Array<ArrayBuffer>>;

/** Puts a `fetch` in place that knows these files and no others; `vi.unstubAllGlobals` takes it away. */
export function serveFiles(files: SiteFiles): Mock<(url: string) => Promise<Response>> {
  const fetched = vi.fn((url: string) => {
    const file = files.get(url);
    return Promise.resolve(file ? new Response(file) : new Response('', {status: 404}));
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}
