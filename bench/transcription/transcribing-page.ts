import type * as Earshot from '../../src/index.ts';
import {POOL_BUFFER_SAMPLES} from '../../src/protocol/audio-messages.ts';
import {openSpotterPage, type SpotterPage} from '../../test/support/spotter-page.ts';
import type {LevelEvent, TextEvent} from './latency.ts';

declare global {
  // what the page keeps between two calls of the measurement
  var transcribers: Earshot.Transcriber[];
  var texts: TextEvent[];
  var levels: LevelEvent[];
  var newestStats: Earshot.ListeningStats | undefined;
}

/** What is loaded beside the network, and how the search is set; the transcriber's own defaults where absent. */
export interface TranscriberChoice {
  readonly beamWidth?: number;
  readonly languageModel?: 'built-in' | 'none';
}

/** What listening told, on the page's clock. */
export interface HeardLive {
  readonly texts: readonly TextEvent[];
  /** One for each buffer of sound. */
  readonly levels: readonly LevelEvent[];
  readonly bufferMs: number;
  /** Seconds of processor time that the renderer's process took, all its threads together, for each second. */
  readonly coreShare: number;
  /** The worker's own count: time in which it computed, or waited for its turn to, ÷ time of the sound. */
  readonly realTimeFactor: number;
}

/** Loads the built-in transcriber once for each choice, each in a worker of its own, in place of those before. */
export async function loadTranscribers(
  {chromium: {page}}: SpotterPage,
  choices: readonly TranscriberChoice[],
): Promise<void> {
  await page.evaluate(async (choices) => {
    globalThis.transcribers = [];
    for (const choice of choices) {
      globalThis.transcribers.push(await globalThis.earshot.Transcriber.load('earshot-ctc', choice));
    }
  }, choices);
}

/** Gives a file to the page: below its own origin, out of the browser's memory. */
export async function serveRecording(
  {chromium, server}: SpotterPage,
  name: string,
  wav: Uint8Array,
): Promise<void> {
  await chromium.context.route(new URL(`/some/${name}`, server.url).href, (route) =>
    route.fulfill({contentType: 'audio/wav', body: Buffer.from(wav)}),
  );
}

/** Milliseconds that one of the loaded transcribers took for a recording that was served. */
export async function timeTranscription(
  {chromium: {page}}: SpotterPage,
  index: number,
  name: string,
): Promise<number> {
  return await page.evaluate(
    async ({index, name}) => {
      const recording = await (await fetch(`/some/${name}`)).blob();
      const startMs = performance.now();
      await globalThis.transcribers[index]?.transcribe(recording);
      return performance.now() - startMs;
    },
    {index, name},
  );
}

/** Listens with the first of the loaded transcribers for so long, after a while that does not count. */
export async function listenLive(
  page: SpotterPage,
  warmUpMs: number,
  durationMs: number,
): Promise<HeardLive> {
  await startListening(page);
  await page.chromium.page.waitForTimeout(warmUpMs);
  const [startSeconds, startMs] = [await rendererSeconds(page), performance.now()];
  await page.chromium.page.waitForTimeout(durationMs);
  const seconds = (await rendererSeconds(page)) - startSeconds;
  const coreShare = seconds / ((performance.now() - startMs) / 1000);
  const heard = await page.chromium.page.evaluate(async (bufferSamples) => {
    await globalThis.transcribers[0]?.stop();
    const {texts, levels, newestStats, openedContexts} = globalThis;
    const bufferMs = (1000 * bufferSamples) / (openedContexts[0]?.sampleRate ?? NaN);
    return {texts, levels, bufferMs, realTimeFactor: newestStats?.realTimeFactor ?? NaN};
  }, POOL_BUFFER_SAMPLES);
  return {...heard, coreShare};
}

/** Without the browser's own processing: it turns up the noise before speech, and silence is silence no more. */
async function startListening({chromium: {page}}: SpotterPage): Promise<void> {
  await page.evaluate(async () => {
    const [transcriber] = globalThis.transcribers;
    if (!transcriber) throw new Error('got no transcriber, expected one that is loaded');
    globalThis.texts = [];
    globalThis.levels = [];
    transcriber.addEventListener('transcript-partial', ({startTime}) => {
      globalThis.texts.push({kind: 'partial', ms: performance.now(), audioMs: startTime});
    });
    transcriber.addEventListener('transcript-final', ({endTime}) => {
      globalThis.texts.push({kind: 'final', ms: performance.now(), audioMs: endTime});
    });
    transcriber.addEventListener('transcript-level', ({level}) => {
      globalThis.levels.push({ms: performance.now(), levelDb: level});
    });
    transcriber.addEventListener('transcript-stats', ({stats}) => {
      globalThis.newestStats = stats;
    });
    await transcriber.start(
      new globalThis.earshot.Microphone({autoGainControl: false, echoCancellation: false}),
    );
  });
}

/** Processor time of all renderers of this browser together; those of other pages take none. */
async function rendererSeconds({chromium}: SpotterPage): Promise<number> {
  const browser = await chromium.context.browser()?.newBrowserCDPSession();
  if (!browser) throw new Error('got no browser session, expected one');
  const {processInfo} = await browser.send('SystemInfo.getProcessInfo');
  await browser.detach();
  return processInfo
    .filter(({type}) => type === 'renderer')
    .reduce((seconds, {cpuTime}) => seconds + cpuTime, 0);
}

/** Marks of one start, milliseconds from the call of `load`. */
export interface StartMarks {
  readonly ready: number;
  readonly listening: number;
  /** The first partial; NaN where none came in time. */
  readonly partial: number;
  /** Where its utterance begins, milliseconds from the first captured sample. */
  readonly utteranceStart: number;
}

const PARTIAL_TIMEOUT_MS = 60_000;

/** Loads the built-in transcriber in a browser just started and listens until the first partial. */
export async function timeStart(
  microphoneWav: string,
  choice: TranscriberChoice,
): Promise<StartMarks & {readonly requests: readonly string[]}> {
  const opened = await openSpotterPage({microphoneWav});
  try {
    const marks = await opened.chromium.page.evaluate(
      async ({choice, timeoutMs}) => {
        const startMs = performance.now();
        const transcriber = await globalThis.earshot.Transcriber.load('earshot-ctc', choice);
        const ready = performance.now() - startMs;
        const spoken = new Promise<{partial: number; utteranceStart: number}>((resolve) => {
          transcriber.addEventListener('transcript-partial', ({startTime}) => {
            resolve({partial: performance.now() - startMs, utteranceStart: startTime});
          });
          setTimeout(resolve, timeoutMs, {partial: NaN, utteranceStart: NaN});
        });
        await transcriber.start();
        const listening = performance.now() - startMs;
        return {ready, listening, ...(await spoken)};
      },
      {choice, timeoutMs: PARTIAL_TIMEOUT_MS},
    );
    return {...marks, requests: [...opened.server.requests]};
  } finally {
    await opened.close();
  }
}
