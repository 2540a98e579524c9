import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, describe, expect, it, vi} from 'vitest';
import {download, pinnedFile, randomBytes, sha256Of, unknownFile} from '../../../support/download-fixture.ts';
import {startKillableServer, type KillableServer} from '../../../support/killable-server.ts';
import {MemoryPartial} from '../../../support/memory-partial.ts';
import {STRONG_HEADERS} from '../../../support/model-server.ts';

const SIZE = 600_000;
const PART = 200_000;
const bytes = randomBytes(SIZE, 1);
const folder = mkdtempSync(join(tmpdir(), 'earshot-killed-'));
const path = join(folder, 'model.bin');
writeFileSync(path, bytes);

let server: KillableServer;

afterEach(() => {
  vi.unstubAllGlobals();
  return server.kill();
});
afterAll(() => {
  rmSync(folder, {recursive: true});
});

describe('a server that is killed', {timeout: 120_000}, () => {
  it.each([
    ['a digest', pinnedFile],
    ['its ETag only', (_bytes: Uint8Array, url: string) => unknownFile(url)],
  ])('and started again sends the rest of a file known by %s', async (_kind, fileOf) => {
    server = await startKillableServer(path, {headers: STRONG_HEADERS, bytesPerSecond: SIZE / 2});
    const {port, url} = server;
    const partial = new MemoryPartial();
    let restarted: Promise<void> | undefined;
    await download(fileOf(bytes, url), partial, {
      retry: {firstDelayMs: 500, maxAttempts: 12},
      onProgress: (loadedBytes) => {
        if (loadedBytes < PART) return;
        restarted ??= server.kill().then(async () => {
          server = await startKillableServer(path, {headers: STRONG_HEADERS}, port);
        });
      },
    });
    await restarted;
    expect(sha256Of(partial.bytes)).toBe(sha256Of(bytes));
    await expect.poll(() => server.ranges).toEqual([expect.stringMatching(/^bytes=[2-5]\d{5}-$/)]);
  });

  it('and stays away is given up; what came is kept for the next visit', async () => {
    server = await startKillableServer(path, {headers: STRONG_HEADERS, bytesPerSecond: SIZE / 2});
    const partial = new MemoryPartial();
    const onProgress = (loadedBytes: number): void => {
      if (loadedBytes >= PART) void server.kill();
    };
    const retry = {firstDelayMs: 1, maxAttempts: 3};
    await expect(download(pinnedFile(bytes, server.url), partial, {onProgress, retry})).rejects.toMatchObject(
      {
        code: 'network',
        message: `got no whole answer from ${server.url}, expected the file`,
      },
    );
    expect(partial.state).toBe('open');
    expect(partial.sizeBytes).toBeGreaterThanOrEqual(PART);
    expect(sha256Of(partial.bytes)).toBe(sha256Of(bytes.subarray(0, partial.sizeBytes)));
  });

  it('is not waited for where the device is offline, and nothing came yet', async () => {
    server = await startKillableServer(path, {});
    await server.kill();
    vi.stubGlobal('navigator', {onLine: false});
    await expect(download(pinnedFile(bytes, server.url), new MemoryPartial())).rejects.toMatchObject({
      code: 'network',
      message: `got no network to fetch ${server.url}, expected the device to be online`,
    });
  });
});
