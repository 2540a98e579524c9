import {createHash} from 'node:crypto';
import {beforeEach, describe, expect, it} from 'vitest';
import {checkpointFileOf} from '../../../src/import/checkpoint-file.ts';
import {importOnce} from '../../../src/import/import-once.ts';
import {findKeptImport} from '../../../src/import/find-kept-import.ts';
import {markOf, unfinishedKey} from '../../../src/import/import-origin.ts';
import {MANIFEST_FILE} from '../../../src/import/manifest.ts';
import {ModelIntegrityError} from '../../../src/models/model-integrity-error.ts';
import type {ModelStore} from '../../../src/models/storage/model-store.ts';
import {openModelStore} from '../../../src/models/storage/open-model-store.ts';
import {fakeCheckpointFile, fakeCheckpointSystem} from '../../support/fake-checkpoint-system.ts';
import {FakePrivateFiles} from '../../support/fake-private-files.ts';

const bytes = fakeCheckpointFile();
const sha256 = createHash('sha256').update(bytes).digest('hex');
const origin = {sha256, precision: 'float32'} as const;

let storage: FakePrivateFiles;
let store: ModelStore;

async function openStore(): Promise<ModelStore> {
  return await openModelStore({
    storage,
    caches: undefined,
    locks: undefined,
    baseUrl: 'https://site.example/',
  });
}

async function isKept(where: ModelStore): Promise<boolean> {
  const accepted = [{sha256, bytes: bytes.length, what: 'the published file'}];
  const kept = await findKeptImport(where, {id: 'fake-checkpoint', accepted}, 'float32');
  return kept?.source.sha256 === sha256;
}

beforeEach(async () => {
  storage = new FakePrivateFiles();
  store = await openStore();
});

/** Imports the checkpoint as a page does that was given it; gives the network, and the phases it went through. */
async function importIn(where = store, change: Partial<Parameters<typeof importOnce>[0]> = {}) {
  const phases = new Set<string>();
  const made = await importOnce(
    {
      file: checkpointFileOf(new File([bytes], 'fake.pth')),
      system: fakeCheckpointSystem(),
      precision: 'float32',
      onProgress: ({phase}) => phases.add(phase),
      ...change,
    },
    where,
  );
  expect(made.network.externalData.every(({data}) => data instanceof Blob)).toBe(true); // none is in memory
  const contents = made.network.externalData
    .filter(({path}) => path !== MANIFEST_FILE)
    .map(async ({path, data}) => [path, await new Blob([data as Blob]).text()]);
  return {
    phases: [...phases],
    source: made.source,
    files: [made.network.model, ...(await Promise.all(contents))],
  };
}

describe('a checkpoint', () => {
  it('is imported once: the next visit opens what was kept', async () => {
    expect(await isKept(store)).toBe(false);
    const first = await importIn();
    expect(first.phases).toEqual(['verify', 'import']);
    const later = await openStore();
    expect(await isKept(later)).toBe(true);
    expect(await importIn(later)).toEqual({...first, phases: ['verify']});
    expect(await later.listPartials()).toEqual([]);
    const stored = await later.list();
    expect(stored.map(({name}) => name).sort()).toEqual(['manifest.json', 'model.onnx', 'model.onnx.data']);
    expect(new Set(stored.map(({systemId}) => systemId))).toEqual(new Set(['fake-checkpoint']));
  });

  it('is imported anew in another precision, and both are kept', async () => {
    await importIn();
    expect((await importIn(store, {precision: 'int8'})).phases).toEqual(['verify', 'import']);
    expect((await importIn()).phases).toEqual(['verify']);
    expect((await importIn(store, {precision: 'int8'})).phases).toEqual(['verify']);
  });

  it('is imported anew where another version of Earshot did it, whose network is removed', async () => {
    const partial = await store.openPartial('old');
    await partial.append(new Uint8Array([1]));
    const old = createHash('sha256')
      .update(new Uint8Array([1]))
      .digest('hex');
    const madeFrom = markOf(origin).replace(/earshot .*/, 'earshot 0.0.1');
    await partial.commit({sha256: old, name: MANIFEST_FILE, madeFrom});
    expect((await importIn()).phases).toEqual(['verify', 'import']);
    expect(await store.find(old)).toBeUndefined();
  });

  it.each(['manifest.json', 'model.onnx', 'model.onnx.data'])(
    'is imported anew where %s is gone from storage, or has changed there',
    async (name) => {
      const first = await importIn();
      for (const harm of ['remove', 'change'] as const) {
        const {sha256: harmed} = (await store.list()).find((file) => file.name === name)!;
        if (harm === 'remove') await store.remove(harmed);
        else storage.files.get(harmed)![5]! ^= 1;
        expect(await importIn()).toEqual(first);
        expect(await importIn()).toEqual({...first, phases: ['verify']});
      }
    },
  );

  it('is refused as without a store where the card lists others', async () => {
    await importIn();
    const system = fakeCheckpointSystem([{sha256: '0'.repeat(64), bytes: 1, what: 'the published file'}]);
    await expect(importIn(store, {system})).rejects.toThrow(ModelIntegrityError);
    expect((await importIn(store, {system, allowUnverified: true})).phases).toEqual(['verify']);
  });

  it('is imported for this visit alone where storage is full', async () => {
    const {files} = await importIn();
    const full = new FakePrivateFiles();
    full.quotaBytes = 100_000;
    const other = await openModelStore({
      storage: full,
      caches: undefined,
      locks: undefined,
      baseUrl: 'https://site.example/',
    });
    expect((await importIn(other)).files).toEqual(files);
    expect(await other.list()).toEqual([]);
    expect(await other.listPartials()).toEqual([]);
  });

  it('is imported for this visit alone where another tab is keeping it', async () => {
    await (await openStore()).openPartial(unfinishedKey('fake-checkpoint', origin, 'model.onnx.data'));
    expect((await importIn()).phases).toEqual(['verify', 'import']);
    expect(await isKept(store)).toBe(false);
  });

  it('leaves nothing where importing is called off', async () => {
    const calledOff = new AbortController();
    const onProgress = ({phase}: {readonly phase: string}): void => {
      if (phase === 'import') calledOff.abort(new DOMException('enough', 'AbortError'));
    };
    await expect(importIn(store, {onProgress, signal: calledOff.signal})).rejects.toThrow('enough');
    expect([await store.list(), await store.listPartials()]).toEqual([[], []]);
  });
});
