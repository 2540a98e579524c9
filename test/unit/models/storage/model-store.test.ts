import {beforeEach, describe, expect, it} from 'vitest';
import {sha256Hex} from '../../../../src/models/verify-weights.ts';
import type {ModelStore, PartialFile} from '../../../../src/models/storage/model-store.ts';
import {openModelStore} from '../../../../src/models/storage/open-model-store.ts';
import {StorageFullError} from '../../../../src/models/storage/storage-full-error.ts';
import {fakeCaches} from '../../../support/fake-caches.ts';
import {FakeLocks} from '../../../support/fake-locks.ts';
import {FakePrivateFiles} from '../../../support/fake-private-files.ts';

/** More than one piece of the cache. */
const LARGE_BYTES = 12_000_000;
const URL_OF_MODEL = 'https://models.example/a/model.onnx?version=1';
const baseUrl = 'https://site.example/';
const nothing = {storage: undefined, caches: undefined, locks: undefined, baseUrl};
const large = Uint8Array.from({length: LARGE_BYTES}, (_, index) => index % 251);
const small = new Uint8Array([1, 2, 3]);
const largeSha256 = await sha256Hex(large);
const smallSha256 = await sha256Hex(small);

/** Digests are compared: a difference of 20 MB is nothing to print. */
async function digestOf(blob: Blob | undefined): Promise<string> {
  return await sha256Hex(new Uint8Array(await blob!.arrayBuffer()));
}

async function contentOf(partial: PartialFile): Promise<string> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let byteCount = 0;
  while (byteCount < partial.sizeBytes) {
    const piece = await partial.read(byteCount, 3_000_000);
    expect(piece.length).toBeGreaterThan(0);
    pieces.push(piece);
    byteCount += piece.length;
  }
  expect(await partial.read(byteCount, 10)).toHaveLength(0);
  return await digestOf(new Blob(pieces));
}

async function keep(store: ModelStore, bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Blob> {
  const partial = await store.openPartial(name, bytes.length);
  for (let offset = 0; offset < bytes.length; offset += 9_000_000) {
    await partial.append(bytes.subarray(offset, offset + 9_000_000));
  }
  return await partial.commit({sha256: await sha256Hex(bytes), name});
}

function privateFiles() {
  const files = new FakePrivateFiles();
  return {
    kind: 'opfs',
    open: () => openModelStore({...nothing, storage: files}),
    killWorkers: () => files.killWorkers(),
    fill: () => (files.quotaBytes = 0),
    clear: (sha256: string) => void files.files.delete(sha256),
    cut: (sha256: string) => void files.files.set(sha256, files.files.get(sha256)!.slice(0, 10)),
  };
}

function cached() {
  const caches = fakeCaches();
  const locks = new FakeLocks();
  const clearPiece = (index: number) => {
    const pieces = [...caches.blobs].filter(([url, {size}]) => url.includes('?piece-') && size > 1000);
    caches.blobs.delete(pieces[index]![0]);
  };
  return {
    kind: 'cache',
    open: () => openModelStore({...nothing, caches, locks}),
    killWorkers: () => locks.killWorkers(),
    fill: () => (caches.quotaBytes = 0),
    clear: (sha256: string) => void caches.blobs.delete(`${baseUrl}?file-${sha256}`),
    cut: () => clearPiece(1),
  };
}

describe.each([privateFiles, cached])('a store of %o', (make) => {
  let site = make();
  let store: ModelStore;
  beforeEach(async () => {
    site = make();
    store = await site.open();
  });

  it('keeps a file under its digest for another visit', async () => {
    expect(store.kind).toBe(site.kind);
    expect(await store.find(largeSha256)).toBeUndefined();
    const partial = await store.openPartial(URL_OF_MODEL, LARGE_BYTES);
    const chunk = new Uint8Array(1_000_000);
    for (let offset = 0; offset < LARGE_BYTES; offset += chunk.length) {
      chunk.set(large.subarray(offset, offset + chunk.length)); // the same memory each time
      await partial.append(chunk);
    }
    const blob = await partial.commit({sha256: largeSha256, name: 'model.onnx', systemId: 'some-system'});
    expect(await digestOf(blob)).toBe(largeSha256);
    const next = await site.open();
    expect(await digestOf(await next.find(largeSha256))).toBe(largeSha256);
    expect(await next.list()).toEqual([
      {
        sha256: largeSha256,
        name: 'model.onnx',
        systemId: 'some-system',
        bytes: LARGE_BYTES,
        storedAt: expect.closeTo(Date.now(), -5) as number,
        lastUsedAt: expect.closeTo(Date.now(), -5) as number,
      },
    ]);
    expect(await next.listPartials()).toEqual([]);
  });

  it('goes on with what a worker left', async () => {
    const first = await store.openPartial(URL_OF_MODEL, LARGE_BYTES);
    await first.restart('"etag-1"');
    await first.append(large.subarray(0, 9_000_000));
    await first.close();
    await first.close();
    const next = await site.open();
    expect(await next.listPartials()).toEqual([
      {key: URL_OF_MODEL, bytes: 9_000_000, expectedBytes: LARGE_BYTES},
    ]);
    const second = await next.openPartial(URL_OF_MODEL, LARGE_BYTES);
    expect([second.sizeBytes, second.validator]).toEqual([9_000_000, '"etag-1"']);
    expect(await contentOf(second)).toBe(await sha256Hex(large.subarray(0, 9_000_000)));
    await second.append(large.subarray(9_000_000));
    expect(await contentOf(second)).toBe(largeSha256);
    expect(await digestOf(await second.commit({sha256: largeSha256, name: 'model.onnx'}))).toBe(largeSha256);
  });

  it('goes on with what a killed worker wrote, but for 8 MiB at most', async () => {
    const killed = await store.openPartial(URL_OF_MODEL);
    await killed.restart('"etag-1"');
    for (let offset = 0; offset < LARGE_BYTES; offset += 1_000_000) {
      await killed.append(large.subarray(offset, offset + 1_000_000));
    }
    site.killWorkers();
    const next = await (await site.open()).openPartial(URL_OF_MODEL);
    expect(next.validator).toBe('"etag-1"');
    expect(next.sizeBytes).toBeGreaterThan(LARGE_BYTES - 8 * 1024 * 1024);
    expect(await contentOf(next)).toBe(await sha256Hex(large.subarray(0, next.sizeBytes)));
  });

  it('empties a file that is begun again, and keeps its new validator', async () => {
    const first = await store.openPartial(URL_OF_MODEL);
    await first.append(large);
    await first.restart('"etag-2"');
    expect(first.sizeBytes).toBe(0);
    await first.append(small);
    await first.close();
    const second = await store.openPartial(URL_OF_MODEL);
    expect([second.sizeBytes, second.validator]).toEqual([3, '"etag-2"']);
    expect((await store.estimate()).modelBytes).toBeLessThan(1000);
  });

  it('begins again where it is not known any more of what the beginning is', async () => {
    const first = await store.openPartial(URL_OF_MODEL);
    await first.append(small);
    await first.close();
    const stem = await sha256Hex(new TextEncoder().encode(URL_OF_MODEL));
    site.clear(`${stem}.part.json`);
    expect((await store.openPartial(URL_OF_MODEL)).sizeBytes).toBe(0);
  });

  it('keeps partial files of different keys apart, and removes one that is called off', async () => {
    const [one, other] = [await store.openPartial('one'), await store.openPartial('other')];
    await one.append(small);
    await other.append(large);
    await other.discard();
    await one.close();
    expect(await store.listPartials()).toEqual([{key: 'one', bytes: 3, expectedBytes: undefined}]);
    expect(await store.removePartial('one')).toBe(true);
    expect(await store.removePartial('one')).toBe(true);
    expect(await store.listPartials()).toEqual([]);
    expect((await store.estimate()).modelBytes).toBe(0);
  });

  it('keeps a file that it has where the same comes again', async () => {
    await keep(store, large, 'model.onnx');
    expect(await digestOf(await keep(store, large, 'the same.onnx'))).toBe(largeSha256);
    expect((await store.list()).map(({name}) => name)).toEqual(['model.onnx']);
    expect(await digestOf(await store.find(largeSha256))).toBe(largeSha256);
    expect(await store.listPartials()).toEqual([]);
  });

  it('says what could be removed, least recently used first, before a byte is written', async () => {
    await keep(store, large, 'older.onnx');
    await new Promise((resolve) => setTimeout(resolve, 5));
    await keep(store, small, 'newer.onnx');
    await new Promise((resolve) => setTimeout(resolve, 5));
    await store.find(largeSha256);
    site.fill();
    const partial = await store.openPartial(URL_OF_MODEL, 5_000_000_000).catch((error: unknown) => error);
    expect(partial).toBeInstanceOf(StorageFullError);
    const {removable, neededBytes, code} = partial as StorageFullError;
    expect(code).toBe('storage-full');
    expect(neededBytes).toBe(5_000_000_000);
    expect(removable.map(({name}) => name)).toEqual(['newer.onnx', 'older.onnx']);
  });

  it('keeps what was there where storage is full in the middle', async () => {
    const partial = await store.openPartial(URL_OF_MODEL);
    await partial.append(large.subarray(0, 9_000_000));
    site.fill();
    const failing = partial.append(large.subarray(0, 9_000_000));
    await expect(failing).rejects.toMatchObject({code: 'storage-full', neededBytes: 9_000_000});
    expect(await contentOf(partial)).toBe(await sha256Hex(large.subarray(0, 9_000_000)));
  });

  it('does without the note of a file that storage has no room for', async () => {
    const partial = await store.openPartial(URL_OF_MODEL);
    await partial.append(large.subarray(0, 9_000_000));
    site.fill();
    await partial.close();
    expect(await store.listPartials()).toHaveLength(1);
  });

  it('notices that the browser has cleared a file, and takes it in again', async () => {
    await keep(store, large, 'model.onnx');
    site.clear(largeSha256);
    expect(await store.list()).toEqual([]);
    expect(await store.find(largeSha256)).toBeUndefined();
    expect(await digestOf(await keep(store, large, 'again.onnx'))).toBe(largeSha256);
    expect((await store.list()).map(({name}) => name)).toEqual(['again.onnx']);
  });

  it('does not give a file of which a part is gone', async () => {
    await keep(store, large, 'model.onnx');
    await keep(store, small, 'other.onnx');
    site.cut(largeSha256);
    expect((await store.list()).map(({name}) => name)).toEqual(['other.onnx']);
    expect(await store.find(largeSha256)).toBeUndefined();
    expect((await store.estimate()).modelBytes).toBeLessThan(1000);
    expect(await digestOf(await keep(store, large, 'again.onnx'))).toBe(largeSha256);
  });

  it('gives a file whose note is lost, and lists it by its digest', async () => {
    await keep(store, small, 'model.onnx');
    site.clear(`${smallSha256}.json`);
    expect(await digestOf(await store.find(smallSha256))).toBe(smallSha256);
    expect(await store.list()).toMatchObject([{sha256: smallSha256, name: smallSha256, bytes: 3}]);
  });

  it('removes a file and all that it took', async () => {
    await keep(store, large, 'model.onnx');
    await store.remove(largeSha256);
    await store.remove(largeSha256);
    expect(await store.find(largeSha256)).toBeUndefined();
    expect((await store.estimate()).modelBytes).toBe(0);
  });

  it('has a second worker wait for the first', async () => {
    const other = await site.open();
    const first = await store.openPartial(URL_OF_MODEL);
    const waiting = other.openPartial(URL_OF_MODEL);
    expect(await other.removePartial(URL_OF_MODEL)).toBe(false);
    await first.append(small);
    await first.close();
    expect((await waiting).sizeBytes).toBe(3);
  });

  it('says so where the first does not let go', async () => {
    const other = await site.open();
    await store.openPartial(URL_OF_MODEL);
    await expect(other.openPartial(URL_OF_MODEL)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('held open by another worker') as string,
    });
  });

  it('takes only digests for names', async () => {
    await expect(store.find('../secret')).rejects.toThrow(RangeError);
    await expect(store.remove('AB'.repeat(32))).rejects.toThrow(/64 hexadecimal digits in lower case/);
    const partial = await store.openPartial('..');
    await expect(partial.commit({sha256: '', name: ''})).rejects.toThrow(RangeError);
  });
});

describe('a store of private files', () => {
  it('tells what the browser says of the room', async () => {
    const store = await privateFiles().open();
    await keep(store, small, 'model.onnx');
    const {modelBytes, usedBytes, ...rest} = await store.estimate();
    expect(modelBytes).toBeGreaterThan(3);
    expect(usedBytes).toBe(modelBytes);
    expect(rest).toEqual({quotaBytes: 1e9, isPersisted: true});
  });
});

describe('openModelStore', () => {
  const denied = () => Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'));

  it('prefers private files, without a reason', async () => {
    const storage = new FakePrivateFiles();
    const store = await openModelStore({
      ...nothing,
      storage,
      caches: fakeCaches(),
    });
    expect([store.kind, store.reason]).toEqual(['opfs', undefined]);
    expect([...storage.files.keys()]).toEqual([]);
  });

  it('takes the cache where files have no access handles, and says why', async () => {
    const handle = {getDirectoryHandle: async () => handle, getFileHandle: async () => ({})};
    const storage = {
      getDirectory: async () => handle,
      estimate: denied,
      persisted: denied,
    } as unknown as StorageManager;
    const {kind, reason} = await openModelStore({...nothing, storage, caches: fakeCaches()});
    expect(kind).toBe('cache');
    expect(reason).toMatch(/^no private files: got a browser whose files have no createSyncAccessHandle/);
  });

  it('takes memory where the visitor denies storage, and says why', async () => {
    const storage = {getDirectory: denied, estimate: denied, persisted: denied};
    const store = await openModelStore({...nothing, storage, caches: {open: denied}});
    expect(store.kind).toBe('memory');
    expect(store.reason).toBe(
      'models are kept until the page is left only, no private files: The operation is insecure.; no the cache: The operation is insecure.',
    );
    expect(await digestOf(await keep(store, small, 'model.onnx'))).toBe(smallSha256);
    expect(await digestOf(await store.find(smallSha256))).toBe(smallSha256);
    expect(await store.estimate()).toMatchObject({quotaBytes: undefined, isPersisted: false});
  });

  it('takes memory in an insecure context', async () => {
    const {reason} = await openModelStore(nothing);
    expect(reason).toContain('expected a secure context');
  });
});
