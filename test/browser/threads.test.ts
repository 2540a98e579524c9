import {readFileSync} from 'node:fs';
import {cpus} from 'node:os';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {dequantiseInto} from '../../src/features/quantise.ts';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {elementCount} from '../../src/graph/shape.ts';
import {tensorOf} from '../../src/graph/tensor-of.ts';
import type {LoadedSystem, LoadOptions} from '../../src/index.ts';
import {findKeywordSystem} from '../../src/systems/keyword-systems.ts';
import {openEnginePage, type EnginePage} from '../support/engine-page.ts';
import type {EngineTask} from '../support/engine-worker.ts';
import {isolatedHeaders} from '../support/isolated-headers.ts';
import {seededRandom} from '../support/prng.ts';
import {inputOf, mfccLikeInputs, networkBytes, publishedNetworks} from '../support/published-networks.ts';
import {repositoryPath} from '../support/repository.ts';
import {hasShared} from '../support/shared.ts';
import {openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';

const SEED = 20_261_121;
const INPUT_COUNT = 50;

/** Of the range of one thread's outputs: the sums may be added in another order. */
const FLOAT_TOLERANCE = 1e-5;

/** An engine gets no more threads than there are cores. */
const hasTwoCores = cpus().length > 1;

describe.skipIf(!hasTwoCores)('onnx on two threads, in a page that is cross-origin isolated', () => {
  let page: EnginePage;
  beforeAll(async () => {
    page = await openEnginePage(isolatedHeaders);
  });
  afterAll(() => page.close());

  async function outputsOn(
    threadCount: number,
    task: Omit<EngineTask, 'engine' | 'threadCount'>,
  ): Promise<readonly Float32Array[]> {
    const answer = await page.run({...task, engine: 'onnx', threadCount});
    if ('error' in answer) throw new Error(answer.error);
    expect(answer).toMatchObject({engine: 'onnx', threadCount});
    // a runtime that gave the same answer to everything would prove nothing
    expect(new Set(answer.outputs.map(String)).size).toBeGreaterThan(INPUT_COUNT / 2);
    return answer.outputs;
  }

  it.skipIf(!hasShared).each(publishedNetworks)('gives the same bits for %s in int8-exact', async (name) => {
    const file = networkBytes(name);
    const inputs = mfccLikeInputs(inputOf(readTflite(file)), INPUT_COUNT, SEED);
    const task = {network: {kind: 'tflite', file}, numerics: 'int8-exact', inputs} as const;
    expect(await outputsOn(2, task), `seed ${SEED}`).toEqual(await outputsOn(1, task));
  });

  it.skipIf(!hasShared).each(publishedNetworks)('gives the same for %s in float32', async (name) => {
    const file = networkBytes(name);
    const input = inputOf(readTflite(file));
    const inputs = mfccLikeInputs(input, INPUT_COUNT, SEED).map((steps) => {
      const values = new Float32Array(steps.length);
      dequantiseInto(steps, input.quantisation!.scale[0]!, input.quantisation!.zeroPoint[0]!, values);
      return values;
    });
    const task = {network: {kind: 'tflite', file}, inputs} as const;
    expectClose(await outputsOn(2, task), await outputsOn(1, task));
  });

  it('gives the same for the built-in network', async () => {
    const systemId = 'earshot-kws';
    const system = await findKeywordSystem(systemId);
    const path = repositoryPath(`public/models/${system.card.weights.builtInPath}`);
    const file = new Uint8Array(readFileSync(path));
    const graph = system.buildGraph(file);
    const length = elementCount(tensorOf(graph, graph.inputs[0]).shape);
    const random = seededRandom(SEED);
    const inputs = Array.from({length: INPUT_COUNT}, () => random.samples(length, 10));
    const task = {network: {kind: 'system', systemId, file}, inputs} as const;
    expectClose(await outputsOn(2, task), await outputsOn(1, task));
  });
});

function expectClose(outputs: readonly Float32Array[], expected: readonly Float32Array[]): void {
  expect(outputs).toHaveLength(expected.length);
  const all = expected.flatMap((values) => [...values]);
  const range = Math.max(...all) - Math.min(...all);
  const worst = Math.max(
    ...expected.flatMap((values, row) =>
      [...values].map((value, index) => Math.abs(value - outputs[row]![index]!)),
    ),
  );
  expect(worst / range, `seed ${SEED}`).toBeLessThan(FLOAT_TOLERANCE);
}

describe('a page that asks for threads', () => {
  let site: SpotterPage | undefined;
  afterEach(async () => {
    expect(site?.chromium.problems).toEqual([]);
    await site?.close();
  });

  type Options = Pick<LoadOptions, 'engine' | 'numerics' | 'threadCount' | 'engineBudgetMs'>;

  interface Loaded {
    readonly info: LoadedSystem;
    /** Workers in the page's process, those of workers too: before loading, with the network, and after `dispose`. */
    readonly workerCounts: readonly number[];
  }

  /** Loads the built-in network into a new worker, and lets go of it. */
  async function load({chromium: {context, page}}: SpotterPage, options: Options): Promise<Loaded> {
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    const countWorkers = async (): Promise<number> => {
      const {metrics} = await session.send('Performance.getMetrics');
      return metrics.find(({name}) => name === 'WorkerGlobalScopes')!.value;
    };
    const before = await countWorkers();
    const info = await page.evaluate(async (given) => {
      globalThis.spotter = await globalThis.earshot.KeywordSpotter.load('earshot-kws', given);
      return globalThis.spotter.info!;
    }, options);
    const during = await countWorkers();
    await page.evaluate(() => {
      globalThis.spotter.dispose();
    });
    // Chromium lets a thread that waits for work have two seconds before it ends it by force
    await expect.poll(countWorkers, {timeout: 15_000, interval: 200}).toBe(before);
    return {info, workerCounts: [before, during]};
  }

  it.skipIf(!hasTwoCores)('gets them where it is isolated, and leaves none behind', async () => {
    site = await openSpotterPage({headers: isolatedHeaders});
    const two = await load(site, {engine: 'onnx', numerics: 'float32', threadCount: 2});
    expect(two.info).toMatchObject({threadCount: 2, engine: 'onnx'});
    expect(two.info.chosenBecause.text).toBe('onnx float32 on 2 threads: as the page asks.');
    expect(two.workerCounts).toEqual([0, 2]); // Earshot's own, and one thread beside it
    const one = await load(site, {engine: 'onnx'});
    expect(one.info.threadCount).toBe(1);
    expect(one.workerCounts).toEqual([0, 1]);
  });

  it('gets no more than there are cores, and is told', async () => {
    site = await openSpotterPage({headers: isolatedHeaders});
    const coreCount = await site.chromium.page.evaluate(() => navigator.hardwareConcurrency);
    const {info} = await load(site, {engine: 'onnx', threadCount: 64});
    expect(info.threadCount).toBe(coreCount);
    expect(info.chosenBecause.text).toContain(
      `On ${coreCount} of the 64 threads asked for: the device has ${coreCount} cores.`,
    );
  });

  it('gets one where it is not isolated, or the engine takes no more, and is told', async () => {
    site = await openSpotterPage();
    const {info, workerCounts} = await load(site, {engine: 'onnx', threadCount: 2});
    expect(info).toMatchObject({threadCount: 1, engine: 'onnx'});
    expect(info.chosenBecause.text).toBe(
      'onnx float32: as the page asks. On 1 of the 2 threads asked for: the page is not cross-origin isolated.',
    );
    expect(workerCounts).toEqual([0, 1]);
    const tfjs = await load(site, {threadCount: 2});
    expect(tfjs.info).toMatchObject({threadCount: 1, engine: 'tfjs'});
    expect(tfjs.info.chosenBecause.text).toContain('On 1 of the 2 threads asked for: tfjs takes one.');
  });

  it.skipIf(!hasTwoCores)('has them measured, and remembered for that many threads only', async () => {
    site = await openSpotterPage({headers: isolatedHeaders});
    const options = {engine: 'auto', numerics: 'float32', engineBudgetMs: 10_000} as const;
    const two = (await load(site, {...options, threadCount: 2})).info.chosenBecause;
    expect(two.basis).toBe('measured');
    expect(two.measured.map(({engine, threadCount}) => [engine, threadCount])).toEqual([
      ['tfjs', 1],
      ['onnx', 2],
    ]);
    expect(two.text).toContain('ms with onnx float32 on 2 threads');
    expect((await load(site, {...options, threadCount: 2})).info.chosenBecause.basis).toBe('remembered');
    const one = (await load(site, options)).info.chosenBecause;
    expect(one.basis).toBe('measured');
    expect(one.measured.map(({threadCount}) => threadCount)).toEqual([1, 1]);
  });
});
