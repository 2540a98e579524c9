import {createHash} from 'node:crypto';
import {afterEach, beforeEach} from 'vitest';
import {downloadFile, type DownloadOptions, type KnownFile} from '../../src/models/download/download-file.ts';
import type {ModelFile} from '../../src/models/model-file.ts';
import {MemoryPartial} from './memory-partial.ts';
import {startModelServer, type ModelServer} from './model-server.ts';
import {seededRandom} from './prng.ts';

/** Bytes without a pattern, so that a lost, doubled or shifted piece changes the digest. */
export function randomBytes(count: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = seededRandom(seed);
  return Uint8Array.from({length: count}, () => random.integer(0, 255));
}

/** The SHA-256 of bytes, lower-case hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A file whose card accepts these bytes. */
export function pinnedFile(bytes: Uint8Array, ...urls: string[]): ModelFile {
  return {
    name: 'weights.bin',
    urls,
    bytes: bytes.length,
    accepted: [{sha256: sha256Of(bytes), bytes: bytes.length, what: 'the published file'}],
  };
}

/** A file of which nothing is known but where it is. */
export function unknownFile(...urls: string[]): ModelFile {
  return {name: 'weights.bin', urls, accepted: []};
}

/** Where a test downloads from, and into what. */
export interface DownloadPlace {
  server: ModelServer;
  partial: MemoryPartial;
}

/** Gives every test of a file a server of these bytes and nothing yet downloaded; to be called beside the tests. */
export function downloadEach(bytes: Uint8Array): DownloadPlace {
  const place = {} as DownloadPlace; // whole when a test runs
  beforeEach(async () => {
    Object.assign(place, {server: await startModelServer(bytes), partial: new MemoryPartial()});
  });
  afterEach(() => place.server.close());
  return place;
}

/** Downloads without waiting long between requests. */
export async function download(
  file: ModelFile,
  partial: MemoryPartial,
  options: Partial<DownloadOptions> = {},
): Promise<KnownFile> {
  return await downloadFile(file, partial, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    retry: {firstDelayMs: 1},
    ...options,
  });
}
