import {createHash} from 'node:crypto';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {GetFileOptions, WantedFile} from '../../../src/models/file-library.ts';
import type {AcceptedDigest} from '../../../src/models/model-file.ts';
import {ModelIntegrityError} from '../../../src/models/model-integrity-error.ts';
import type {ModelStore} from '../../../src/models/storage/model-store.ts';
import {StorageFullError} from '../../../src/models/storage/storage-full-error.ts';
import {serveFiles} from '../../support/fake-site.ts';
import {memoryLibrary, memoryStore} from '../../support/memory-library.ts';

const URL_OF_IT = 'https://models.test/some-system/weights.bin';
const bytes = Uint8Array.from({length: 5000}, (_, index) => (index * 37) & 255);
const digest = (algorithm: string, data: Uint8Array): string =>
  createHash(algorithm).update(data).digest('hex');
const sha256 = digest('sha256', bytes);
const accepted: readonly AcceptedDigest[] = [{sha256, bytes: bytes.length, what: 'the published file'}];

function wantedFile(changes: Partial<WantedFile['file']> = {}): WantedFile {
  const file = {name: 'weights.bin', urls: [URL_OF_IT], bytes: bytes.length, accepted, ...changes};
  return {file, modelId: 'some-system'};
}

function options(changes: Partial<GetFileOptions> = {}) {
  const calledOff = new AbortController();
  return {
    calledOff,
    signal: calledOff.signal,
    onDownload: vi.fn(),
    onVerify: vi.fn(),
    ...changes,
  };
}

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());

let fetched: ReturnType<typeof serveFiles>;
beforeEach(() => {
  fetched = serveFiles(new Map([[URL_OF_IT, bytes]]));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a file that is not here', () => {
  it('is downloaded, named and kept', async () => {
    const library = memoryLibrary();
    const given = options();
    const {blob, ...info} = await library.get(wantedFile(), given);
    expect(await bytesOf(blob)).toEqual(bytes);
    expect(info).toEqual({sha256, verified: true, what: 'the published file'});
    expect(given.onDownload).toHaveBeenLastCalledWith(bytes.length, bytes.length);
    expect(await library.store.list()).toMatchObject([
      {sha256, name: 'weights.bin', systemId: 'some-system', bytes: bytes.length},
    ]);
  });

  it('is refused where another one is delivered, and leaves nothing behind', async () => {
    fetched = serveFiles(new Map([[URL_OF_IT, bytes.with(7, bytes[7]! ^ 1)]]));
    const library = memoryLibrary();
    await expect(library.get(wantedFile(), options())).rejects.toBeInstanceOf(ModelIntegrityError);
    expect(await library.store.list()).toEqual([]);
    expect(await library.store.listPartials()).toEqual([]);
  });

  it('is taken unverified where no digest is published, and found again by its name', async () => {
    const library = memoryLibrary();
    const unpinned = wantedFile({accepted: []});
    expect(await library.get(unpinned, options())).toMatchObject({sha256, verified: false});
    expect(await library.get(unpinned, options())).toMatchObject({sha256, verified: false});
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it.each(['sha384', 'sha1'] as const)('is known by its %s where that is what is published', async (kind) => {
    const library = memoryLibrary();
    const published = {[kind]: digest(kind, bytes), bytes: bytes.length, what: 'the published file'};
    const wanted = wantedFile({accepted: [published]});
    for (let visit = 0; visit < 2; visit++) {
      expect(await library.get(wanted, options())).toMatchObject({sha256, verified: true});
    }
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('is an error where there is no room, and is done without storage where the caller says so', async () => {
    const full = fullStore();
    const strict = memoryLibrary({store: full});
    await expect(strict.get(wantedFile(), options())).rejects.toMatchObject({code: 'storage-full'});
    const {blob} = await memoryLibrary({store: full}).get(wantedFile(), options({mayBeUnkept: true}));
    expect(await bytesOf(blob)).toEqual(bytes);
  });
});

describe('a file that is here', () => {
  it('is given without a request, compared with its digest again', async () => {
    const library = memoryLibrary();
    await library.get(wantedFile(), options());
    const given = options();
    const {blob} = await library.get(wantedFile(), given);
    expect(await bytesOf(blob)).toEqual(bytes);
    expect(given.onVerify).toHaveBeenLastCalledWith(bytes.length, bytes.length);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('is removed and downloaded again where it has changed in storage', async () => {
    const store = memoryStore();
    const library = memoryLibrary({store});
    await library.get(wantedFile(), options());
    const damaged = new Blob([bytes.with(9, bytes[9]! ^ 1)]);
    vi.spyOn(store, 'find').mockResolvedValueOnce(damaged);
    const onDamaged = vi.fn<(error: ModelIntegrityError) => void>();
    const {blob} = await library.get(wantedFile(), options({onDamaged}));
    expect(await bytesOf(blob)).toEqual(bytes);
    expect(fetched).toHaveBeenCalledTimes(2);
    expect(onDamaged.mock.calls[0]?.[0].message).toContain(`expected SHA-256 ${sha256}`);
  });

  it('is not taken for another file of its name', async () => {
    const library = memoryLibrary();
    await library.get(wantedFile({accepted: []}), options());
    const other = wantedFile({accepted: [{sha384: '0'.repeat(96), bytes: bytes.length, what: 'another'}]});
    expect(await library.open(other, options())).toBeUndefined();
    expect(await library.find(wantedFile())).toMatchObject({sha256});
  });

  it('is gone once it is removed', async () => {
    const library = memoryLibrary();
    await library.get(wantedFile(), options());
    expect(await library.remove(wantedFile())).toBe(true);
    expect(await library.find(wantedFile())).toBeUndefined();
  });
});

describe('a file that may change at its address', () => {
  const unpinned = wantedFile({accepted: []});

  it('is asked for each time, and takes the place of the one before', async () => {
    const library = memoryLibrary();
    await library.getNewest(unpinned, options());
    const newer = bytes.toReversed();
    serveFiles(new Map([[URL_OF_IT, newer]]));
    const {blob} = await library.getNewest(unpinned, options());
    expect(await bytesOf(blob)).toEqual(newer);
    expect((await library.store.list()).map((entry) => entry.sha256)).toEqual([digest('sha256', newer)]);
  });

  it('is the one that was there before where it cannot be had', async () => {
    const library = memoryLibrary();
    await library.getNewest(unpinned, options());
    serveFiles(new Map());
    expect(await library.getNewest(unpinned, options())).toMatchObject({sha256});
  });

  it('is an error where it never was', async () => {
    serveFiles(new Map());
    await expect(memoryLibrary().getNewest(unpinned, options())).rejects.toMatchObject({code: 'network'});
  });
});

describe("the visitor's own copy", () => {
  it('is kept as if it had been downloaded', async () => {
    const library = memoryLibrary();
    await library.keep(wantedFile(), {blob: new Blob([bytes]), sha256});
    expect(await library.get(wantedFile(), options())).toMatchObject({verified: true});
    expect(fetched).not.toHaveBeenCalled();
  });

  it('leaves nothing behind where keeping it is called off', async () => {
    const library = memoryLibrary();
    const reason = new DOMException('enough', 'AbortError');
    const keeping = library.keep(
      wantedFile(),
      {blob: new Blob([bytes]), sha256},
      {signal: AbortSignal.abort(reason)},
    );
    await expect(keeping).rejects.toBe(reason);
    expect(await library.store.listPartials()).toEqual([]);
  });
});

function fullStore(): ModelStore {
  const store = memoryStore();
  vi.spyOn(store, 'openPartial').mockRejectedValue(
    new StorageFullError({neededBytes: 5000, freeBytes: 0, removable: []}),
  );
  return store;
}
