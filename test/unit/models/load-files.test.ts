import {createHash} from 'node:crypto';
import {afterEach, describe, expect, it, vi} from 'vitest';
import type {WantedFile} from '../../../src/models/file-library.ts';
import {LoadFiles, type FilesProgress} from '../../../src/models/load-files.ts';
import {serveFiles} from '../../support/fake-site.ts';
import {memoryLibrary} from '../../support/memory-library.ts';

const {signal} = new AbortController();

function sampleFile(name: string, length: number) {
  const bytes = Uint8Array.from({length}, (_, index) => (index * length) & 255);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const url = `https://models.test/${name}`;
  const accepted = [{sha256, bytes: length, what: 'a sample'}];
  const wanted: WantedFile = {file: {name, urls: [url], bytes: length, accepted}, modelId: 'some-system'};
  return {wanted, url, bytes};
}

const [weights, words, stored] = [
  sampleFile('a.bin', 3000),
  sampleFile('b.bin', 500),
  sampleFile('c.bin', 70),
];

afterEach(() => {
  vi.unstubAllGlobals();
});

async function setUp() {
  serveFiles(new Map([weights, words, stored].map(({url, bytes}) => [url, bytes])));
  const library = memoryLibrary();
  const nobody = (): void => undefined;
  await library.get(stored.wanted, {signal, onDownload: nobody, onVerify: nobody});
  const told: FilesProgress[] = [];
  const all = [weights, words, stored].map(({wanted}) => wanted);
  const files = await LoadFiles.plan(library, all, {signal, onProgress: (progress) => told.push(progress)});
  return {files, told, all};
}

describe('the files of a load', () => {
  it('are told as one number, of what has to be downloaded only', async () => {
    const {files, told, all} = await setUp();
    for (const wanted of all) await files.get(wanted);
    const downloads = told.filter(({phase}) => phase === 'download');
    expect(new Set(downloads.map(({totalBytes}) => totalBytes))).toEqual(new Set([3500]));
    const loaded = downloads.map(({loadedBytes}) => loadedBytes);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect(loaded.at(-1)).toBe(3500);
    expect(downloads.every(({bytesPerSecond = -1}) => bytesPerSecond >= 0)).toBe(true);
  });

  it('are told to be checked, not downloaded, where they are here', async () => {
    const {files, told} = await setUp();
    await files.get(stored.wanted);
    expect(told.at(-1)).toEqual({phase: 'verify', loadedBytes: 70, totalBytes: 70});
    expect(told.every(({phase}) => phase === 'verify')).toBe(true);
    expect([files.isMissing(weights.wanted), files.isMissing(stored.wanted)]).toEqual([true, false]);
  });
});
