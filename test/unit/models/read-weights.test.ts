import {afterEach, expect, it, vi} from 'vitest';
import {readWeights} from '../../../src/models/read-weights.ts';

const bytes = Uint8Array.from({length: 1000}, (_, index) => index % 256);
const options = (maxBytes = 2000, signal = new AbortController().signal) => ({
  maxBytes,
  signal,
  onProgress: vi.fn(),
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function respondWith(response: () => Response | Promise<Response>): void {
  vi.stubGlobal('fetch', async () => response());
}

it('reads a file the visitor gave, telling how far it is', async () => {
  const given = options();
  expect(await readWeights(new Blob([bytes]), given)).toEqual(bytes);
  expect(given.onProgress).toHaveBeenLastCalledWith(1000, 1000);
});

it('reads a URL, and trusts no length but the bytes', async () => {
  respondWith(() => new Response(bytes, {headers: {'content-length': '5'}}));
  expect(await readWeights('https://example.test/w', options())).toEqual(bytes);
});

it('refuses a file larger than any accepted one before it is kept', async () => {
  await expect(readWeights(new Blob([bytes]), options(999))).rejects.toMatchObject({code: 'model-integrity'});
  respondWith(() => new Response(bytes));
  await expect(readWeights('https://example.test/w', options(999))).rejects.toMatchObject({
    code: 'model-integrity',
  });
});

it('tells a status and a missing answer as network errors', async () => {
  respondWith(() => new Response('gone', {status: 404}));
  await expect(readWeights('https://example.test/w', options())).rejects.toThrow('HTTP status 404');
  respondWith(() => Promise.reject(new TypeError('Failed to fetch')));
  await expect(readWeights('https://example.test/w', options())).rejects.toMatchObject({code: 'network'});
});

it("ends with the signal's reason", async () => {
  respondWith(() => Promise.reject(new DOMException('aborted', 'AbortError')));
  const signal = AbortSignal.abort(new DOMException('enough', 'AbortError'));
  await expect(readWeights('https://example.test/w', options(2000, signal))).rejects.toThrow('enough');
});
