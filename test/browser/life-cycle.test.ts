import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {loadSpotter, openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';
import {seededRandom} from '../support/prng.ts';
import {writeWav} from '../support/wav.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-life-cycle-'));
const microphoneWav = join(folder, 'noise.wav');
let opened: SpotterPage;

/** Opens a page with a microphone that plays quiet noise for ever, and loads the built-in model. */
async function openWithMicrophone(): Promise<SpotterPage> {
  opened = await openSpotterPage({microphoneWav, loop: true});
  await loadSpotter(opened.chromium);
  return opened;
}

/** Runs in the page: how a promise ended, as plain data. */
function installOutcome(): void {
  globalThis.outcomeOf = async (promise) => {
    try {
      await promise;
      return {name: 'none', code: undefined, message: ''};
    } catch (error) {
      const {name, message, code} = error as Error & {code?: unknown};
      return {name, message, code: typeof code === 'string' ? code : undefined};
    }
  };
}

declare global {
  var outcomeOf: (
    promise: Promise<unknown>,
  ) => Promise<{name: string; code: string | undefined; message: string}>;
  var listening: Promise<unknown>;
}

beforeAll(() => {
  writeWav(microphoneWav, seededRandom(3).samples(16_000, 0.01), 16000);
});
afterEach(async () => {
  await opened.close();
});
afterAll(() => {
  rmSync(folder, {recursive: true});
});

describe('starting and stopping', () => {
  it('fifty times leaves one worker, one audio context, no live track and no growth', async () => {
    const {chromium} = await openWithMicrophone();
    const {page} = chromium;
    const session = await chromium.context.newCDPSession(page);
    await session.send('Performance.enable');
    const measure = async (): Promise<Record<string, number>> => {
      await session.send('HeapProfiler.collectGarbage');
      const {metrics} = await session.send('Performance.getMetrics');
      return Object.fromEntries(metrics.map(({name, value}) => [name, value]));
    };
    const cycle = (times: number): Promise<void> =>
      page.evaluate(async (count) => {
        for (let index = 0; index < count; index++) {
          await globalThis.spotter.start();
          await new Promise((resolve) => setTimeout(resolve, 40));
          await globalThis.spotter.stop();
        }
      }, times);
    await cycle(10); // what is made once is made now
    const before = await measure();
    await cycle(40);
    const after = await measure();
    expect(page.workers().length).toBe(1);
    const left = await page.evaluate(() => ({
      opened: globalThis.openedTracks.length,
      live: globalThis.openedTracks.filter(({readyState}) => readyState === 'live').length,
      contexts: globalThis.openedContexts.map(({state}) => state),
      state: globalThis.spotter.state.name,
    }));
    expect(left).toEqual({opened: 50, live: 0, contexts: ['suspended'], state: 'ready'});
    for (const name of ['AudioWorkletProcessors', 'JSEventListeners', 'WorkerGlobalScopes', 'Nodes']) {
      expect(after[name], name).toBe(before[name]);
    }
    expect((after['JSHeapUsedSize'] ?? 0) - (before['JSHeapUsedSize'] ?? 0)).toBeLessThan(200_000);
    expect(chromium.problems).toEqual([]);
  });

  it('at any moment of starting leaves no sound running', async () => {
    const {chromium} = await openWithMicrophone();
    const states = await chromium.page.evaluate(async () => {
      const {spotter} = globalThis;
      const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
      const seen = new Set<string>();
      for (let delayMs = 0; delayMs < 40; delayMs += 4) {
        const starting = spotter.start().catch((error: unknown) => {
          if ((error as Error).name !== 'AbortError') throw error;
        });
        await wait(delayMs);
        await spotter.stop();
        await starting;
        await wait(150); // longer than the context takes to begin to run
        for (const {state} of globalThis.openedContexts) seen.add(state);
        for (const {readyState} of globalThis.openedTracks) seen.add(readyState);
      }
      return [...seen];
    });
    expect(states.sort()).toEqual(['ended', 'suspended']);
  });

  it('twice at once is refused, and the first goes on', async () => {
    const {chromium} = await openWithMicrophone();
    await chromium.page.evaluate(installOutcome);
    const second = await chromium.page.evaluate(async () => {
      const first = globalThis.spotter.start();
      const outcome = await globalThis.outcomeOf(globalThis.spotter.start());
      await first;
      return {outcome, state: globalThis.spotter.state.name};
    });
    expect(second.outcome.name).toBe('InvalidStateError');
    expect(second.outcome.message).toContain('got start while');
    expect(second.state).toBe('listening');
  });

  it('stops while the visitor is still being asked, and closes what is granted too late', async () => {
    const {chromium} = await openWithMicrophone();
    await chromium.page.evaluate(installOutcome);
    const {outcome, state} = await chromium.page.evaluate(async () => {
      let grant: () => void = () => undefined;
      globalThis.permission = new Promise((resolve) => (grant = resolve));
      const starting = globalThis.outcomeOf(globalThis.spotter.start());
      await globalThis.spotter.stop();
      const outcome = await starting;
      grant();
      return {outcome, state: globalThis.spotter.state.name};
    });
    expect(outcome.name).toBe('AbortError');
    expect(state).toBe('ready');
    await expect
      .poll(() => chromium.page.evaluate(() => globalThis.openedTracks.map(({readyState}) => readyState)))
      .toEqual(['ended']);
  });

  it('stops by a signal, and by leaving a for-await loop', async () => {
    const {chromium} = await openWithMicrophone();
    await chromium.page.evaluate(installOutcome);
    const outcome = await chromium.page.evaluate(async () => {
      const controller = new AbortController();
      const loop = async (): Promise<void> => {
        for await (const hit of globalThis.spotter.listen(undefined, {signal: controller.signal})) {
          globalThis.hits.push(hit);
        }
      };
      setTimeout(() => {
        controller.abort();
      }, 300);
      return globalThis.outcomeOf(loop());
    });
    expect(outcome.name).toBe('AbortError');
    const state = await chromium.page.evaluate(async () => {
      const detections = globalThis.spotter.listen();
      void detections.next();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await globalThis.spotter.stop();
      return globalThis.spotter.state.name;
    });
    expect(state).toBe('ready');
    expect(
      await chromium.page.evaluate(() => globalThis.openedTracks.map(({readyState}) => readyState)),
    ).toEqual(['ended', 'ended']);
  });
});

describe('disposing', () => {
  it('ends the worker, the audio thread and the microphone; nothing starts again', async () => {
    const {chromium} = await openWithMicrophone();
    await chromium.page.evaluate(installOutcome);
    const outcome = await chromium.page.evaluate(async () => {
      await globalThis.spotter.start();
      globalThis.spotter.dispose();
      globalThis.spotter.dispose();
      return globalThis.outcomeOf(globalThis.spotter.start());
    });
    expect(outcome.name).toBe('InvalidStateError');
    await expect.poll(() => chromium.page.workers().length).toBe(0);
    expect(
      await chromium.page.evaluate(() => ({
        tracks: globalThis.openedTracks.map(({readyState}) => readyState),
        contexts: globalThis.openedContexts.map(({state}) => state),
      })),
    ).toEqual({tracks: ['ended'], contexts: ['closed']});
  });

  it('while loading rejects the load', async () => {
    const {chromium} = await openWithMicrophone();
    await chromium.page.evaluate(installOutcome);
    const outcome = await chromium.page.evaluate(async () => {
      const spotter = new globalThis.earshot.KeywordSpotter();
      const loading = globalThis.outcomeOf(spotter.load());
      spotter.dispose();
      return loading;
    });
    expect(outcome.name).toBe('AbortError');
    await expect.poll(() => chromium.page.workers().length).toBe(1);
  });
});

describe('a microphone', () => {
  it('taken away while listening is a device-lost error, and listening can start again', async () => {
    const {chromium} = await openWithMicrophone();
    const told = await chromium.page.evaluate(async () => {
      const {spotter} = globalThis;
      const error = new Promise<string>((resolve) => {
        spotter.addEventListener('kws-error', ({code}) => {
          resolve(code);
        });
      });
      await spotter.start();
      globalThis.openedTracks[0]?.dispatchEvent(new Event('ended'));
      const code = await error;
      const failed = spotter.state.name;
      await spotter.start();
      return {code, failed, again: spotter.state.name};
    });
    expect(told).toEqual({code: 'device-lost', failed: 'failed', again: 'listening'});
  });

  it('that is muted, or waits for a gesture, is told by the state', async () => {
    const {chromium} = await openWithMicrophone();
    const {page} = chromium;
    await page.evaluate(() => globalThis.spotter.start());
    const microphone = (): Promise<string> =>
      page.evaluate(() => {
        const {state} = globalThis.spotter;
        return state.name === 'listening' ? state.microphone : state.name;
      });
    await expect.poll(microphone).toBe('live');
    await page.evaluate(() => globalThis.openedTracks[0]?.dispatchEvent(new Event('mute')));
    expect(await microphone()).toBe('muted');
    await page.evaluate(() => globalThis.openedTracks[0]?.dispatchEvent(new Event('unmute')));
    expect(await microphone()).toBe('live');
    await page.evaluate(() => globalThis.openedContexts[0]?.suspend());
    await expect.poll(microphone).toBe('suspended');
    await page.mouse.click(10, 10);
    await expect.poll(microphone).toBe('live');
    // only WebKit has this state, and only a telephone call gives it
    await page.evaluate(() => {
      const [context] = globalThis.openedContexts;
      if (!context) return;
      Object.defineProperty(context, 'state', {configurable: true, value: 'interrupted'});
      context.dispatchEvent(new Event('statechange'));
      context.resume = () => Promise.reject(new Error('resumed while interrupted'));
    });
    expect(await microphone()).toBe('interrupted');
    await page.mouse.click(10, 10);
    await page.evaluate(() => {
      const [context] = globalThis.openedContexts;
      if (!context) return;
      Reflect.deleteProperty(context, 'state');
      context.dispatchEvent(new Event('statechange'));
    });
    expect(await microphone()).toBe('live');
    expect(chromium.problems).toEqual([]);
  });

  it('that the visitor refuses is not-allowed', async () => {
    opened = await openSpotterPage({
      extraArgs: ['--use-fake-device-for-media-stream', '--deny-permission-prompts'],
    });
    await loadSpotter(opened.chromium);
    await opened.chromium.page.evaluate(installOutcome);
    const outcome = await opened.chromium.page.evaluate(() =>
      globalThis.outcomeOf(globalThis.spotter.start()),
    );
    expect(outcome).toMatchObject({name: 'SpeechError', code: 'not-allowed'});
  });

  it('that is not there is audio-capture', async () => {
    opened = await openSpotterPage({extraArgs: ['--use-fake-ui-for-media-stream']});
    await loadSpotter(opened.chromium);
    await opened.chromium.page.evaluate(installOutcome);
    const outcome = await opened.chromium.page.evaluate(() =>
      globalThis.outcomeOf(globalThis.spotter.start()),
    );
    expect(outcome).toMatchObject({name: 'SpeechError', code: 'audio-capture'});
  });
});
