import {afterAll, beforeAll, expect, test} from 'vitest';
import type {LoadedSystem, LoadOptions} from '../../src/index.ts';
import {ENGINE_CHOICES} from '../../src/protocol/messages.ts';
import {openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';

const BUDGET_MS = 1500;

/** What one step that cannot be cut short may add: onnxruntime-web's session on two busy cores. */
const STEP_MS = 500;

let site: SpotterPage;

beforeAll(async () => {
  site = await openSpotterPage();
});
afterAll(async () => {
  expect(site.chromium.problems).toEqual([]);
  await site.close();
});

interface Loaded {
  readonly info: LoadedSystem;
  /** What the event of the state `ready` told, and those of other states. */
  readonly toldWhenReady: LoadedSystem['chosenBecause'] | undefined;
  readonly toldBefore: number;
  /** What was fetched meanwhile. */
  readonly requests: readonly string[];
}

/** Loads the built-in network with these options into a new worker, and lets go of it. */
async function load(options: Pick<LoadOptions, 'engine' | 'engineBudgetMs' | 'numerics'>): Promise<Loaded> {
  const before = site.server.requests.length;
  const loaded = await site.chromium.page.evaluate(async (given) => {
    const spotter = new globalThis.earshot.KeywordSpotter('earshot-kws', given);
    const told: [string, LoadedSystem['chosenBecause'] | undefined][] = [];
    spotter.addEventListener('kws-state', ({state, chosenBecause}) => {
      told.push([state.name, chosenBecause]);
    });
    await spotter.load();
    const {info} = spotter;
    spotter.dispose();
    return {
      info: info!,
      toldWhenReady: told.find(([name]) => name === 'ready')?.[1],
      toldBefore: told.filter(([name, because]) => name !== 'ready' && because).length,
    };
  }, options);
  return {...loaded, requests: site.server.requests.slice(before)};
}

test('auto measures what there is within its budget, runs one and says why; the next visit remembers', async () => {
  const {info, toldWhenReady, toldBefore} = await load({engine: 'auto'});
  const {chosenBecause: because, engine, numerics} = info;
  expect(because.basis).toBe('measured');
  expect(because.measured[0]).toMatchObject({engine: 'tfjs', numerics: 'float32', difference: 0});
  expect(because.measured[0]?.engineBytes).toBeGreaterThan(100_000);
  expect(because.measured.every(({p50Ms, p95Ms}) => p95Ms >= p50Ms && p95Ms > 0)).toBe(true);
  const named = [...because.measured, ...because.leftOut].map((candidate) => candidate.engine);
  expect(new Set(named)).toEqual(new Set(ENGINE_CHOICES));
  expect(because.measured).toContainEqual(expect.objectContaining({engine, numerics}));
  expect(because.text).toMatch(/^Measured on this device: (tfjs|onnx) float32/);
  expect(because.spentMs).toBeLessThan(BUDGET_MS + STEP_MS);
  expect([toldWhenReady, toldBefore]).toEqual([because, 0]);

  const again = await load({engine: 'auto'});
  expect(again.info).toMatchObject({engine, numerics});
  expect(again.info.chosenBecause).toEqual({
    ...because,
    basis: 'remembered',
    text: `Remembered from an earlier visit. ${because.text}`,
    spentMs: 0,
  });
  // only what the chosen one needs; and the memory itself is no request
  expect(again.requests.some((path) => /ort-wasm/.test(path))).toBe(engine === 'onnx');
  const {pathname, search} = new URL('capture.worklet.js?no-inline', site.server.url);
  const asking = again.requests.filter((path) => path.includes('?'));
  expect(asking.filter((path) => path !== `${pathname}${search}`)).toEqual([]);
});

test('an engine that the page names runs, whatever is remembered', async () => {
  const {info} = await load({engine: 'onnx', numerics: 'float32'});
  expect(info).toMatchObject({engine: 'onnx', chosenBecause: {basis: 'asked', measured: []}});
});

test('without a word about engines nothing is measured', async () => {
  const {info, requests} = await load({});
  expect(info).toMatchObject({engine: 'tfjs', chosenBecause: {basis: 'default', measured: []}});
  expect(requests.filter((path) => /\/(onnx|ort)-/.test(path))).toEqual([]);
});

test('a budget of nothing gives the default, and another budget than the remembered one is measured anew', async () => {
  const {info, requests} = await load({engine: 'auto', engineBudgetMs: 0});
  expect(info).toMatchObject({
    engine: 'tfjs',
    chosenBecause: {
      basis: 'measured',
      measured: [],
      leftOut: ['integer', 'onnx', 'onnx-webgpu', 'tfjs-webgpu'].map((engine) => ({engine, reason: 'late'})),
    },
  });
  expect(requests.filter((path) => /\/(onnx|ort)-/.test(path))).toEqual([]);
});

test.each([-1, 10_001, NaN])('a budget of %d ms is refused at once', async (engineBudgetMs) => {
  await expect(load({engine: 'auto', engineBudgetMs})).rejects.toThrow(
    `RangeError: got engineBudgetMs ${engineBudgetMs}, expected 0…10000`,
  );
});
