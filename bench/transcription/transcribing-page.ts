import type * as Earshot from '../../src/index.ts';
import {openSpotterPage, type SpotterPage} from '../../test/support/spotter-page.ts';

declare global {
  // what the page keeps between two calls of the measurement
  var transcribers: Earshot.Transcriber[];
}

/** What is loaded beside the network, and how the search is set; the transcriber's own defaults where absent. */
export interface TranscriberChoice {
  readonly beamWidth?: number;
  readonly languageModel?: 'built-in' | 'none';
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
