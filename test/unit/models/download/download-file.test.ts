import {createHash} from 'node:crypto';
import {describe, expect, it} from 'vitest';
import {
  download,
  downloadEach,
  pinnedFile,
  randomBytes,
  sha256Of,
  unknownFile,
} from '../../../support/download-fixture.ts';
import {MemoryPartial} from '../../../support/memory-partial.ts';
import {startModelServer, STRONG_HEADERS} from '../../../support/model-server.ts';

const SIZE = 300_000;
const CUT = 100_000;
const bytes = randomBytes(SIZE, 1);
const sha256 = sha256Of(bytes);

const at = downloadEach(bytes);

const ranges = (): (string | undefined)[] => at.server.requests.map(({headers}) => headers.range);

describe('a download', () => {
  it('brings the file, and says what it is', async () => {
    const told: [number, number][] = [];
    const known = await download(pinnedFile(bytes, at.server.url), at.partial, {
      onProgress: (loaded, total) => told.push([loaded, total]),
    });
    expect(known).toEqual({bytes: SIZE, sha256, verified: true, what: 'the published file'});
    expect(sha256Of(at.partial.bytes)).toBe(sha256);
    expect(told[0]).toEqual([0, SIZE]);
    expect(told.at(-1)).toEqual([SIZE, SIZE]);
    expect(at.server.requests).toHaveLength(1);
  });

  it('is called unverified where nobody has published a digest', async () => {
    const known = await download(unknownFile(at.server.url), at.partial);
    expect(known).toMatchObject({sha256, verified: false});
  });

  it('is known by its SHA-384 or SHA-1 where that is what is published', async () => {
    for (const algorithm of ['sha384', 'sha1'] as const) {
      const digest = createHash(algorithm).update(bytes).digest('hex');
      const file = {
        ...pinnedFile(bytes, at.server.url),
        accepted: [{[algorithm]: digest, bytes: SIZE, what: 'the published file'}],
      };
      const known = await download(file, new MemoryPartial());
      expect(known).toMatchObject({sha256, [algorithm]: digest, verified: true});
    }
  });

  it('takes another file only where unverified ones are allowed', async () => {
    at.server.serve(randomBytes(1000, 2));
    const known = await download(pinnedFile(bytes, at.server.url), at.partial, {allowUnverified: true});
    expect(known).toMatchObject({bytes: 1000, verified: false});
  });
});

describe('a download that was interrupted', () => {
  it('goes on where each connection ended', async () => {
    at.server.behave({headers: STRONG_HEADERS, cutAfterBytes: CUT});
    const known = await download(pinnedFile(bytes, at.server.url), at.partial);
    expect(known.verified).toBe(true);
    expect(sha256Of(at.partial.bytes)).toBe(sha256);
    expect(ranges()).toEqual([undefined, `bytes=${CUT}-`, `bytes=${2 * CUT}-`]);
    expect(at.server.requests[1]?.headers['if-range']).toBe('"version-1"');
    expect(at.server.sentBytes()).toBe(SIZE);
  });

  it('goes on from what an earlier visit has kept, and digests that too', async () => {
    at.partial = new MemoryPartial(bytes.subarray(0, CUT), '"version-1"');
    const told: number[] = [];
    const onProgress = (loaded: number): void => void told.push(loaded);
    expect((await download(pinnedFile(bytes, at.server.url), at.partial, {onProgress})).sha256).toBe(sha256);
    expect(at.server.sentBytes()).toBe(SIZE - CUT);
    expect(Math.min(...told)).toBe(CUT);
  });

  it('asks for nothing where all was there already', async () => {
    at.partial = new MemoryPartial(bytes);
    expect((await download(pinnedFile(bytes, at.server.url), at.partial)).verified).toBe(true);
    expect(at.server.requests).toEqual([]);
  });

  it.each([
    ['pinned', pinnedFile],
    ['unknown', (_bytes: Uint8Array, url: string) => unknownFile(url)],
  ])('begins anew where the ETag has changed, and the file is %s', async (_kind, fileOf) => {
    at.partial = new MemoryPartial(randomBytes(CUT, 3), '"version-0"');
    await download(fileOf(bytes, at.server.url), at.partial);
    expect(sha256Of(at.partial.bytes)).toBe(sha256);
    expect(ranges()).toEqual([`bytes=${CUT}-`]);
  });

  it('begins anew where Last-Modified has changed', async () => {
    at.server.behave({headers: {'Last-Modified': STRONG_HEADERS['Last-Modified']!}});
    at.partial = new MemoryPartial(randomBytes(CUT, 3), 'Tue, 31 Dec 2024 00:00:00 GMT');
    await download(unknownFile(at.server.url), at.partial);
    expect(sha256Of(at.partial.bytes)).toBe(sha256);
    expect(at.server.sentBytes()).toBe(SIZE);
  });

  it('goes on by Last-Modified where there is no ETag', async () => {
    at.server.behave({headers: {'Last-Modified': STRONG_HEADERS['Last-Modified']!}, cutAfterBytes: CUT});
    await download(unknownFile(at.server.url), at.partial);
    expect(sha256Of(at.partial.bytes)).toBe(sha256);
    expect(at.server.requests[1]?.headers['if-range']).toBe(STRONG_HEADERS['Last-Modified']);
    expect(at.server.sentBytes()).toBe(SIZE);
  });

  it('begins anew by the head of the answer where a server ignores If-Range', async () => {
    // the part that it gives is of another file: only the ETag tells
    at.server.behave({headers: {ETag: '"version-2"'}, ignoresIfRange: true});
    at.partial = new MemoryPartial(randomBytes(CUT, 3), '"version-1"');
    await download(unknownFile(at.server.url), at.partial);
    expect(sha256Of(at.partial.bytes)).toBe(sha256);
    expect(ranges()).toEqual([`bytes=${CUT}-`, 'bytes=0-']);
  });

  it('never takes a weak ETag to go on by', async () => {
    at.server.behave({headers: {ETag: 'W/"version-1"'}, cutAfterBytes: CUT, requestCount: 1});
    await download(unknownFile(at.server.url), at.partial);
    expect(sha256Of(at.partial.bytes)).toBe(sha256);
    expect(ranges()).toEqual([undefined, 'bytes=0-']);
    expect(at.server.requests[1]?.headers['if-range']).toBeUndefined();
  });

  it('goes on without an ETag where a digest will decide', async () => {
    at.server.behave({cutAfterBytes: CUT});
    expect((await download(pinnedFile(bytes, at.server.url), at.partial)).verified).toBe(true);
    expect(at.server.sentBytes()).toBe(SIZE);
  });

  it('begins anew, once, where what it put together is no file that is accepted', async () => {
    at.partial = new MemoryPartial(randomBytes(CUT, 3));
    expect((await download(pinnedFile(bytes, at.server.url), at.partial)).verified).toBe(true);
    expect(ranges()).toEqual([`bytes=${CUT}-`, 'bytes=0-']);
  });

  it('begins anew where the server has no ranges', async () => {
    at.server.behave({headers: STRONG_HEADERS, hasRanges: false, cutAfterBytes: CUT, requestCount: 1});
    at.partial = new MemoryPartial(bytes.subarray(0, 1000), '"version-1"');
    await download(pinnedFile(bytes, at.server.url), at.partial);
    expect(sha256Of(at.partial.bytes)).toBe(sha256);
  });

  it('begins anew where the file has become shorter than what is there (416)', async () => {
    at.partial = new MemoryPartial(randomBytes(SIZE + 10, 3), '"version-1"');
    await download(unknownFile(at.server.url), at.partial);
    expect(sha256Of(at.partial.bytes)).toBe(sha256);
    expect(ranges()).toEqual([`bytes=${SIZE + 10}-`, 'bytes=0-']);
  });

  it('is whole where the server says that nothing is behind it (416)', async () => {
    at.partial = new MemoryPartial(bytes, '"version-1"');
    expect((await download(unknownFile(at.server.url), at.partial)).sha256).toBe(sha256);
    expect(at.server.sentBytes()).toBe(0);
  });

  it('asks for the plain file after a compressed one was lost, and goes on with that', async () => {
    const text = new TextEncoder().encode('one two three '.repeat(40_000));
    at.server.serve(text);
    at.server.behave({headers: STRONG_HEADERS, compresses: true, cutAfterBytes: 500, requestCount: 1});
    await download(unknownFile(at.server.url), at.partial);
    expect(sha256Of(at.partial.bytes)).toBe(sha256Of(text));
    expect(ranges()).toEqual([undefined, 'bytes=0-']);
    expect(at.server.requests[1]?.headers['accept-encoding']).toBe('identity');
  });

  it('counts the bytes of the file, not those on the wire', async () => {
    const text = new TextEncoder().encode('one two three '.repeat(40_000));
    at.server.serve(text);
    at.server.behave({headers: STRONG_HEADERS, compresses: true});
    const told: [number, number][] = [];
    const onProgress = (...numbers: [number, number]): void => void told.push(numbers);
    await download(pinnedFile(text, at.server.url), at.partial, {onProgress});
    expect(told.at(-1)).toEqual([text.length, text.length]);
    expect(at.server.sentBytes()).toBeLessThan(text.length / 10);
  });

  it('is asked for again where nothing comes any more', async () => {
    at.server.behave({headers: STRONG_HEADERS, stallAfterBytes: CUT, requestCount: 1});
    await download(pinnedFile(bytes, at.server.url), at.partial, {stallMs: 1000});
    expect(sha256Of(at.partial.bytes)).toBe(sha256);
    expect(ranges()[1]).toBe(`bytes=${CUT}-`);
  });
});

describe('a server in trouble', () => {
  it.each([500, 503, 429, 408])('is asked again after status %i', async (status) => {
    at.server.behave({status, requestCount: 2});
    expect((await download(pinnedFile(bytes, at.server.url), at.partial)).verified).toBe(true);
    expect(at.server.requests).toHaveLength(3);
  });

  it('is given the time that it asks for', async () => {
    at.server.behave({status: 503, headers: {'Retry-After': '1'}, requestCount: 1});
    const begun = performance.now();
    await download(pinnedFile(bytes, at.server.url), at.partial);
    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  it('is given up where it asks for more time than anybody waits', async () => {
    at.server.behave({status: 503, headers: {'Retry-After': '3600'}});
    await expect(download(pinnedFile(bytes, at.server.url), at.partial)).rejects.toMatchObject({
      code: 'network',
      message: `got HTTP status 503 (to be asked again after 3600) from ${at.server.url}, expected the file`,
    });
    expect(at.server.requests).toHaveLength(1);
  });

  it('is given up after so many requests that bring nothing', async () => {
    at.server.behave({status: 500});
    const retry = {firstDelayMs: 1, maxAttempts: 3};
    await expect(download(pinnedFile(bytes, at.server.url), at.partial, {retry})).rejects.toThrow(
      'HTTP status 500',
    );
    expect(at.server.requests).toHaveLength(3);
  });

  it('is not asked again where it has no such file', async () => {
    at.server.behave({status: 404, page: '<!doctype html>'});
    await expect(download(pinnedFile(bytes, at.server.url), at.partial)).rejects.toMatchObject({
      code: 'network',
      message: `got HTTP status 404 from ${at.server.url}, expected the file`,
    });
    expect(at.server.requests).toHaveLength(1);
  });

  it('is replaced by the next address, which goes on where it ended', async () => {
    const home = await startModelServer(bytes);
    at.server.behave({cutAfterBytes: CUT, requestCount: 1, then: {status: 404}});
    try {
      await download(pinnedFile(bytes, at.server.url, home.url), at.partial);
      expect(sha256Of(at.partial.bytes)).toBe(sha256);
      expect(home.sentBytes()).toBe(SIZE - CUT);
    } finally {
      await home.close();
    }
  });

  it('tells of every address why it failed', async () => {
    const home = await startModelServer(bytes.subarray(1), {});
    at.server.behave({status: 404});
    try {
      await expect(download(pinnedFile(bytes, at.server.url, home.url), at.partial)).rejects.toMatchObject({
        code: 'model-integrity',
        message: expect.stringMatching(
          /^got HTTP status 404 .*; got a file of 299999 bytes from .*, expected weights.bin: the published file/,
        ) as string,
      });
    } finally {
      await home.close();
    }
  });
});

describe('an abort', () => {
  it('ends at once, and keeps what came', async () => {
    at.server.behave({headers: STRONG_HEADERS, stallAfterBytes: CUT});
    const controller = new AbortController();
    const reason = new DOMException('enough', 'AbortError');
    await expect(
      download(pinnedFile(bytes, at.server.url), at.partial, {
        signal: controller.signal,
        onProgress: (loaded) => {
          if (loaded === CUT) controller.abort(reason);
        },
      }),
    ).rejects.toBe(reason);
    expect(at.partial).toMatchObject({sizeBytes: CUT, state: 'open', validator: '"version-1"'});
  });

  it('ends a wait between requests', async () => {
    at.server.behave({status: 503, headers: {'Retry-After': '30'}});
    const signal = AbortSignal.timeout(100);
    await expect(download(pinnedFile(bytes, at.server.url), at.partial, {signal})).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('asks for nothing where it came before', async () => {
    const signal = AbortSignal.abort(new Error('never mind'));
    await expect(download(pinnedFile(bytes, at.server.url), at.partial, {signal})).rejects.toThrow(
      'never mind',
    );
    expect(at.server.requests).toEqual([]);
  });
});
