import {readFileSync} from 'node:fs';
import {afterEach, beforeAll, describe, expect, it, vi} from 'vitest';
import {builtInLanguageModel} from '../../../src/models/language-models.ts';
import {findCard} from '../../../src/models/catalogue.ts';
import {unfinishedKey} from '../../../src/import/import-origin.ts';
import {PROTOCOL_VERSION, type ProgressFact} from '../../../src/protocol/messages.ts';
import {ModelService} from '../../../workers/model-service.ts';
import {serveFiles} from '../../support/fake-site.ts';
import {KEPT_FILES, keepImport} from '../../support/kept-import.ts';
import {memoryLibrary} from '../../support/memory-library.ts';
import {repositoryPath} from '../../support/repository.ts';
import {hasShared, sharedPath} from '../../support/shared.ts';

const places = {protocolVersion: PROTOCOL_VERSION, modelBase: 'https://site.test/models/'};
const mirror = 'https://mirror.test/models/';
const kwsUrl = `${places.modelBase}earshot-kws/earshot-kws.safetensors`;
const LM_BYTES = builtInLanguageModel.accepted[0]?.bytes ?? 0;
const {signal} = new AbortController();
let kws: Uint8Array<ArrayBuffer>;

beforeAll(() => {
  kws = new Uint8Array(readFileSync(repositoryPath('public/models/earshot-kws/earshot-kws.safetensors')));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function setUp() {
  const said: ProgressFact[] = [];
  const library = memoryLibrary();
  const service = new ModelService(library, (fact) => said.push(fact));
  const entryOf = async (modelId: string) => {
    const {models} = await service.list(places, signal);
    return models.find(({id}) => id === modelId);
  };
  const get = (modelId: string) => service.get({...places, modelId, allowUnverified: false}, signal);
  return {service, library, said, entryOf, get};
}

describe('the list of models', () => {
  it('has every model, with where its files may be had, and fetches nothing', async () => {
    const fetched = serveFiles(new Map());
    const {service} = setUp();
    const {models, others} = await service.list(places, signal);
    expect(models.map(({id}) => id)).toEqual(
      expect.arrayContaining(['earshot-kws', 'wav2vec2-base', 'earshot-lm']),
    );
    expect(models.every(({isInstalled, storedBytes}) => !isInstalled && storedBytes === 0)).toBe(true);
    const micronet = models.find(({id}) => id === 'micronet-large');
    expect(micronet).toMatchObject({task: 'keyword-spotting', isBuiltIn: false});
    expect(micronet?.files).toMatchObject([
      {
        bytes: 658_832,
        isPinned: true,
        urls: [expect.any(String), findCard('micronet-large').weights.homeUrl],
      },
    ]);
    expect(models.find(({id}) => id === 'deepspeech2')?.files).toMatchObject([{isPinned: false}]);
    expect(others).toEqual([]);
    expect(fetched).not.toHaveBeenCalled();
  });

  it('says what was got, and what is here beside', async () => {
    serveFiles(new Map([[kwsUrl, kws]]));
    const {library, service, said, entryOf, get} = setUp();
    await get('earshot-kws');
    const older = {file: {name: 'older.bin', urls: [], accepted: []}, modelId: 'of a former version'};
    const sha256 = 'ab'.repeat(32);
    await library.keep(older, {blob: new Blob(['older']), sha256});
    expect(await entryOf('earshot-kws')).toMatchObject({isInstalled: true, storedBytes: kws.length});
    expect(said.every(({modelId}) => modelId === 'earshot-kws')).toBe(true);
    expect(said.at(-1)).toMatchObject({loadedBytes: kws.length, totalBytes: kws.length});
    expect((await service.list(places, signal)).others).toMatchObject([
      {sha256, name: 'older.bin', bytes: 5},
    ]);
    expect((await service.estimate()).modelBytes).toBeGreaterThan(kws.length);
    await service.remove({...places, modelId: sha256}, signal);
    await service.remove({...places, modelId: 'earshot-kws'}, signal);
    expect(await library.store.list()).toEqual([]);
  });
});

describe('a network that was imported on this device', () => {
  const systemId = 'wav2vec2-base';
  const request = {...places, modelId: systemId};

  it('is installed where its checkpoint was one that the card lists, by whatever digest', async () => {
    const {library, service, entryOf} = setUp();
    const bytes = await keepImport(library.store, {systemId, verified: true});
    const fetched = serveFiles(new Map());
    const entry = await entryOf(systemId);
    expect(entry).toMatchObject({isInstalled: true, storedBytes: bytes, importedBytes: bytes});
    expect(entry?.files.map(({name, urls, isPinned}) => [name, urls, isPinned])).toEqual([
      ['model.onnx', [], true],
      ['model.onnx.data', [], true],
    ]);
    expect(await service.verify(request, signal)).toBeNull();
    expect(fetched).not.toHaveBeenCalled();
    await service.get({...request, allowUnverified: false}, signal); // asks the site for a newer one, and is content
    expect(fetched).toHaveBeenCalledTimes(1);
    await service.remove(request, signal);
    expect(await entryOf(systemId)).toMatchObject({isInstalled: false, storedBytes: 0, importedBytes: 0});
    expect(await library.store.list()).toEqual([]);
  });

  it.each([
    ['of a checkpoint that no card lists', {verified: false}],
    ['in other numerics than the default', {verified: true, precision: 'float32'}],
  ] as const)('%s is not installed, but takes room, and is removed', async (_, facts) => {
    const {library, service, entryOf} = setUp();
    const bytes = await keepImport(library.store, {systemId, ...facts});
    const entry = await entryOf(systemId);
    expect(entry).toMatchObject({isInstalled: false, storedBytes: bytes, importedBytes: bytes});
    expect(entry?.files).toMatchObject([{name: 'pytorch_model.bin', storedSha256: undefined}]);
    await service.remove(request, signal);
    expect(await library.store.list()).toEqual([]);
  });

  it('is not installed any more where the browser has cleared a part of it', async () => {
    const {library, entryOf} = setUp();
    await keepImport(library.store, {systemId, verified: true});
    for (const cleared of KEPT_FILES) {
      const {sha256} = (await library.store.list()).find(({name}) => name === cleared)!;
      await library.store.remove(sha256);
      expect((await entryOf(systemId))?.isInstalled, cleared).toBe(false);
      await keepImport(library.store, {systemId, verified: true});
      expect((await entryOf(systemId))?.isInstalled, cleared).toBe(true);
    }
  });
});

describe('an import that was cut off', () => {
  it('counts with the bytes that it wrote, and goes when the model is removed, unless a tab is at it', async () => {
    const {library, service, entryOf} = setUp();
    const origin = {sha256: 'aa'.repeat(32), precision: 'int8'} as const;
    const key = unfinishedKey('deepspeech2', origin, 'model.onnx.data');
    const file = await library.store.openPartial(key);
    await file.append(new Uint8Array(1000));
    const request = {...places, modelId: 'deepspeech2'};
    await expect(service.remove(request, signal)).rejects.toThrow(`got ${key} open in another tab`);
    await file.close();
    expect(await entryOf('deepspeech2')).toMatchObject({storedBytes: 1000, importedBytes: 0});
    expect(await entryOf('wav2vec2-base')).toMatchObject({storedBytes: 0});
    await service.remove(request, signal);
    expect(await library.store.listPartials()).toEqual([]);
  });
});

describe('a download that was cut off', () => {
  it('counts with the bytes that came, and goes when the model is removed', async () => {
    const {library, service, entryOf} = setUp();
    const partial = await library.store.openPartial(findCard('earshot-kws').weights.accepted[0]!.sha256!);
    await partial.append(new Uint8Array(1000));
    await partial.close();
    expect(await entryOf('earshot-kws')).toMatchObject({isInstalled: false, storedBytes: 1000});
    await service.remove({...places, modelId: 'earshot-kws'}, signal);
    expect(await entryOf('earshot-kws')).toMatchObject({storedBytes: 0});
    expect(await library.store.listPartials()).toEqual([]);
  });
});

describe('checking a model', () => {
  it('tells of a file that has changed, and removes it', async () => {
    serveFiles(new Map([[kwsUrl, kws]]));
    const {library, service, entryOf, get} = setUp();
    await get('earshot-kws');
    const request = {...places, modelId: 'earshot-kws'};
    expect(await service.verify(request, signal)).toBeNull();
    vi.spyOn(library.store, 'find').mockResolvedValueOnce(new Blob([kws.with(5, kws[5]! ^ 1)]));
    const refused = service.verify(request, signal);
    await expect(refused).rejects.toMatchObject({code: 'model-integrity'});
    await expect(refused).rejects.toThrow(/got earshot-kws\.safetensors with SHA-256 .*, expected SHA-256 /);
    expect((await entryOf('earshot-kws'))?.isInstalled).toBe(false);
    await expect(service.verify(request, signal)).rejects.toThrow('got no file of earshot-kws here');
  });
});

describe('getting a model', () => {
  it('says how else to have it where no address gives it', async () => {
    serveFiles(new Map());
    const {service} = setUp();
    const request = {...places, mirror, modelId: 'wav2letter', allowUnverified: false};
    const refused = service.get(request, signal);
    await expect(refused).rejects.toMatchObject({code: 'network'});
    await expect(refused).rejects.toThrow(
      /mirror\.test.* for wav2letter expected weights: .* \(published at /,
    );
  });

  it('is refused for a model that nobody knows', async () => {
    await expect(setUp().get('nobody')).rejects.toThrow('got model "nobody", expected one of: earshot-kws');
  });
});

describe('the question before a load', () => {
  it('is of what is missing, and above the limit only', async () => {
    serveFiles(new Map([[kwsUrl, kws]]));
    const {service, get} = setUp();
    const ask = (askAbove?: number, savesData = false) => {
      const modelIds = ['earshot-kws', 'earshot-lm'];
      const limit = askAbove === undefined ? {} : {askAbove};
      return service.questionBefore({...places, modelIds, savesData, ...limit}, signal);
    };
    expect(await ask(1)).toMatchObject({totalBytes: kws.length + LM_BYTES, reason: 'size'});
    expect(await ask(9)).toBeNull();
    expect(await ask(undefined, true)).toMatchObject({reason: 'save-data'});
    await get('earshot-kws');
    expect(await ask(1)).toMatchObject({files: [{name: 'earshot-lm.bin', bytes: LM_BYTES}]});
  });
});

describe("the visitor's own file", () => {
  const itShared = it.skipIf(!hasShared);
  itShared('is kept as the model whose digest it has (skipped where ../shared is absent)', async () => {
    const file = new Blob([readFileSync(sharedPath('models', 'micronet_large_int8.tflite'))]);
    const {service, entryOf} = setUp();
    expect(await service.add({...places, file}, signal)).toBe('micronet-large');
    expect(await entryOf('micronet-large')).toMatchObject({isInstalled: true, storedBytes: 658_832});
  });

  it('is refused where no card lists it, and not kept', async () => {
    const {service, library} = setUp();
    const refused = service.add({...places, file: new Blob(['something'])}, signal);
    await expect(refused).rejects.toMatchObject({code: 'model-integrity'});
    await expect(refused).rejects.toThrow('got 9 bytes with SHA-256');
    expect(await library.store.list()).toEqual([]);
  });
});
