/** What {@link newestOrKept} works with. */
export interface NewestOrKeptOptions {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly cache: Cache;
  /** Keeps the service worker alive until the promise settles. */
  readonly waitUntil: (done: Promise<unknown>) => void;
}

/**
 * What the site says now; where it cannot be reached, what it said the last time. For small JSON files that are of no
 * release, as the manifest of a network that the site has imported. Service worker.
 * @throws as `fetch`, where the site cannot be reached and has said nothing yet.
 */
export async function newestOrKept(
  request: Request,
  {fetch, cache, waitUntil}: NewestOrKeptOptions,
): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.status === 200) waitUntil(keepJson(cache, request.url, response.clone()));
    return response;
  } catch (error) {
    const kept = await cache.match(request.url);
    if (kept) return kept;
    throw error;
  }
}

/** Where it cannot be kept, or is some page in place of JSON, what was kept before stays. */
async function keepJson(cache: Cache, url: string, response: Response): Promise<void> {
  try {
    await cache.put(url, Response.json(await response.json()));
  } catch {
    // the page has its answer either way
  }
}
