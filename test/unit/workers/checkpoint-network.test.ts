import {createHash} from 'node:crypto';
import {afterEach, beforeAll, describe, expect, it, vi} from 'vitest';
import {nodeEngineAssets} from '../../../src/cli/node-engine-assets.ts';
import {BlobSink} from '../../../src/import/blob-sink.ts';
import {checkpointFileOf} from '../../../src/import/checkpoint-file.ts';
import {importCheckpoint} from '../../../src/import/import-checkpoint.ts';
import {PROTOCOL_VERSION, type EngineChoice, type ProgressFact} from '../../../src/protocol/messages.ts';
import type {CheckpointSystem} from '../../../src/import/import-checkpoint.ts';
import {NetworkLoader, type NetworkRequest} from '../../../workers/network-loader.ts';
import {maxAbsDifference} from '../../support/arrays.ts';
import {fakeCheckpointFile, fakeCheckpointSystem, fakeLogits} from '../../support/fake-checkpoint-system.ts';
import {serveFiles} from '../../support/fake-site.ts';
import {memoryLibrary} from '../../support/memory-library.ts';
import {seededRandom} from '../../support/prng.ts';

const system = fakeCheckpointSystem();
const checkpoint = new File([fakeCheckpointFile()], 'fake.safetensors');
const CHECKPOINT_SHA256 = createHash('sha256').update(fakeCheckpointFile()).digest('hex');
const ROWS = seededRandom(5).samples(5 * 4);
const MODEL_BASE = 'https://example.test/some/models/';

/** The folder that the site has: URL → file. */
let site = new Map<string, Blob>();
beforeAll(async () => {
  const sink = new BlobSink();
  await importCheckpoint({file: checkpointFileOf(checkpoint), system, precision: 'int8', sink});
  site = new Map([...sink.files].map(([path, blob]) => [`${MODEL_BASE}fake-checkpoint/${path}`, blob]));
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function setUp(change: Partial<NetworkRequest> = {}, library = memoryLibrary()) {
  const told: ProgressFact[] = [];
  const calledOff = new AbortController();
  const request: NetworkRequest = {
    protocolVersion: PROTOCOL_VERSION,
    systemId: system.card.id,
    modelBase: MODEL_BASE,
    allowUnverified: false,
    ...change,
  };
  const loader = new NetworkLoader(request, {
    signal: calledOff.signal,
    assets: nodeEngineAssets(),
    storage: {caches: undefined, baseUrl: MODEL_BASE, device: 'a test'},
    openLibrary: async () => library,
    post: (fact) => {
      if (fact.kind === 'progress') told.push(fact);
    },
  });
  const open = async (of: CheckpointSystem, engine?: EngineChoice) => {
    await loader.plan(of.card);
    return await loader.openImported(of, engine);
  };
  const phases = (): readonly string[] => [...new Set(told.map(({phase}) => phase))];
  return {loader, open, told, phases, calledOff};
}

/** Largest difference of the model's output from what the checkpoint makes of the rows ÷ their range. */
async function errorOf(model: Awaited<ReturnType<NetworkLoader['openImported']>>): Promise<number> {
  const [output = []] = await model.run([ROWS]);
  model.dispose();
  const expected = fakeLogits(ROWS);
  return maxAbsDifference(output, expected) / (Math.max(...expected) - Math.min(...expected));
}

describe("the visitor's own checkpoint", () => {
  it('is imported with 8 bits, opened, and called unverified where the card lists no file', async () => {
    const fetched = serveFiles(new Map());
    const {loader, open, told, phases} = setUp({weights: checkpoint});
    const model = await open(system);
    expect(model.numerics).toBe('int8-dynamic');
    expect(await errorOf(model)).toBeLessThan(0.03);
    expect(loader.weights).toMatchObject({verified: false, what: 'an unverified file'});
    expect(phases()).toEqual(['verify', 'import', 'compile']);
    const imported = told.filter(({phase}) => phase === 'import').at(-1);
    expect(imported?.loadedBytes).toBe(imported?.totalBytes);
    expect(imported?.totalBytes).toBeGreaterThan(0);
    expect(fetched).not.toHaveBeenCalled();
  });

  it('is imported in float32 where that is asked for', async () => {
    const {loader, open} = setUp({weights: checkpoint, numerics: 'float32'});
    const model = await open(system, 'onnx');
    expect(loader.describe(system.card, 16_000, model)).toMatchObject({
      numerics: 'float32',
      engine: 'onnx',
      chosenBecause: {basis: 'asked'},
    });
    expect(await errorOf(model)).toBeLessThan(1e-5);
  });

  it('is refused where the card lists other files, unless the page allows it', async () => {
    const listing = fakeCheckpointSystem([{sha384: '0'.repeat(96), bytes: 1, what: 'the published file'}]);
    const refused = setUp({weights: checkpoint}).open(listing);
    await expect(refused).rejects.toMatchObject({code: 'model-integrity'});
    const allowed = setUp({weights: checkpoint, allowUnverified: true});
    (await allowed.open(listing)).dispose();
    expect(allowed.loader.weights.verified).toBe(false);
  });

  it('is given up where the page calls it off', async () => {
    const {open, calledOff, phases} = setUp({weights: checkpoint});
    const opening = open(system);
    calledOff.abort(new DOMException('enough', 'AbortError'));
    await expect(opening).rejects.toMatchObject({name: 'AbortError'});
    expect(phases()).not.toContain('compile');
  });

  it.each(['tfjs', 'integer'] as const)('is refused for the engine %s', async (engine) => {
    const opening = setUp({weights: checkpoint}).open(system, engine);
    await expect(opening).rejects.toThrow(`fake-checkpoint: got engine ${engine}, expected onnx`);
  });
});

describe('a network that the site has imported', () => {
  it('is downloaded, compared with its manifest and opened in the precision that it has', async () => {
    const fetched = serveFiles(site);
    const {open, told, phases} = setUp();
    const model = await open(system);
    expect(model.numerics).toBe('int8-dynamic');
    expect(await errorOf(model)).toBeLessThan(0.03);
    expect(phases()).toEqual(['download', 'verify', 'compile']);
    for (const phase of ['download', 'verify']) {
      const last = told.filter((fact) => fact.phase === phase).at(-1);
      expect(last?.loadedBytes).toBe(last?.totalBytes);
    }
    expect(fetched.mock.calls.map(([url]) => url)).toEqual([
      `${MODEL_BASE}fake-checkpoint/manifest.json`,
      `${MODEL_BASE}fake-checkpoint/model.onnx.data`,
      `${MODEL_BASE}fake-checkpoint/model.onnx`,
    ]);
  });

  it('is opened from storage on the next visit, with the server gone', async () => {
    const library = memoryLibrary();
    serveFiles(site);
    (await setUp({}, library).open(system)).dispose();
    const fetched = serveFiles(new Map());
    const {open, phases} = setUp({}, library);
    const model = await open(system);
    expect(await errorOf(model)).toBeLessThan(0.03);
    expect(phases()).toEqual(['verify', 'compile']);
    expect(fetched.mock.calls.map(([url]) => url)).toEqual([`${MODEL_BASE}fake-checkpoint/manifest.json`]);
  });

  it('is taken from the mirror where there is one', async () => {
    const mirror = 'https://mirror.test/';
    const moved = [...site].map(([url, file]) => [url.replace(MODEL_BASE, mirror), file] as const);
    serveFiles(new Map(moved));
    const model = await setUp({mirror}).open(system);
    expect(await errorOf(model)).toBeLessThan(0.03);
  });

  it('says how to make it where the site has none', async () => {
    serveFiles(new Map());
    const opening = setUp().open(system);
    await expect(opening).rejects.toMatchObject({code: 'network'});
    await expect(opening).rejects.toThrow(`${MODEL_BASE}fake-checkpoint/manifest.json`);
    await expect(opening).rejects.toThrow(
      `for fake-checkpoint expected weights: fake.pth, or there what "earshot import" makes of it`,
    );
  });

  it('is made of the published checkpoint where the site has that', async () => {
    serveFiles(new Map([[`${MODEL_BASE}fake-checkpoint/fake.pth`, checkpoint]]));
    const {open, loader, phases} = setUp();
    const model = await open(system);
    expect(await errorOf(model)).toBeLessThan(0.03);
    expect(loader.weights.verified).toBe(false);
    expect(phases()).toEqual(['download', 'verify', 'import', 'compile']);
  });

  it('is refused where a file is not that of the manifest, or longer', async () => {
    const path = `${MODEL_BASE}fake-checkpoint/model.onnx.data`;
    const bytes = new Uint8Array(await site.get(path)!.arrayBuffer());
    for (const changed of [bytes.with(7, bytes[7]! ^ 1), new Uint8Array([...bytes, 0])]) {
      serveFiles(new Map([...site, [path, new Blob([changed])]]));
      const opening = setUp().open(system);
      await expect(opening).rejects.toMatchObject({code: 'model-integrity'});
    }
  });

  it('is refused where other numerics are asked for', async () => {
    serveFiles(site);
    const opening = setUp({numerics: 'float32'}).open(system);
    await expect(opening).rejects.toThrow('got numerics float32, expected int8-dynamic');
  });
});

describe('a network that was imported on this device', () => {
  const accepted = [{sha256: CHECKPOINT_SHA256, bytes: checkpoint.size, what: 'the published file'}];
  const listing = fakeCheckpointSystem(accepted);

  it('is opened from storage where the checkpoint is given again', async () => {
    const library = memoryLibrary();
    (await setUp({weights: checkpoint}, library).open(system)).dispose();
    const {open, phases, loader} = setUp({weights: checkpoint}, library);
    const model = await open(system);
    expect(await errorOf(model)).toBeLessThan(0.03);
    expect(phases()).toEqual(['verify', 'compile']);
    expect(loader.weights.sha256).toBe(CHECKPOINT_SHA256);
  });

  it('is opened without the checkpoint where that is the published one', async () => {
    const library = memoryLibrary();
    (await setUp({weights: checkpoint}, library).open(listing)).dispose();
    const fetched = serveFiles(new Map());
    const {open, phases, loader} = setUp({}, library);
    const model = await open(listing);
    expect(await errorOf(model)).toBeLessThan(0.03);
    expect(phases()).toEqual(['verify', 'compile']);
    expect(loader.weights).toMatchObject({verified: true, what: 'the published file'});
    expect(fetched.mock.calls.map(([url]) => url)).toEqual([`${MODEL_BASE}fake-checkpoint/manifest.json`]);
  });

  it('is made anew where a part of it is gone', async () => {
    const library = memoryLibrary();
    (await setUp({weights: checkpoint}, library).open(listing)).dispose();
    const part = (await library.store.list()).find(({name}) => name === 'model.onnx.data');
    await library.store.remove(part!.sha256);
    serveFiles(new Map([[`${MODEL_BASE}fake-checkpoint/fake.pth`, checkpoint]]));
    const {open, phases} = setUp({}, library);
    expect(await errorOf(await open(listing))).toBeLessThan(0.03);
    expect(phases()).toEqual(['download', 'verify', 'import', 'compile']);
  });

  it("is not taken for the site's, nor for that of a checkpoint that nobody has given", async () => {
    const library = memoryLibrary();
    (await setUp({weights: checkpoint}, library).open(system)).dispose();
    serveFiles(new Map());
    await expect(setUp({}, library).open(system)).rejects.toMatchObject({code: 'network'});
  });
});
