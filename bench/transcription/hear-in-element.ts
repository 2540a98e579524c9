import type * as Earshot from '../../src/index.ts';
import {POOL_BUFFER_SAMPLES} from '../../src/protocol/audio-messages.ts';
import {startTranscriptPage, type TranscriptPage} from '../../test/support/transcript-page.ts';
import {spyOnCapture} from '../../test/support/spy-on-capture.ts';
import type {HeardText} from './hear.ts';
import {rendererSeconds} from './renderer-seconds.ts';

declare global {
  // what the page keeps while it listens
  var shownTexts: HeardText[];
  /** When the level of each buffer of sound was told. */
  var levelsMs: number[];
  var newestStats: Earshot.ListeningStats | undefined;
}

/** What an element showed, on the page's clock. */
export interface HeardInElement {
  /** `startMs` counts from the first captured sample, `ms` on the page's clock. */
  readonly texts: readonly HeardText[];
  /** When the first sample was captured, or later by the shortest way from there to the page. */
  readonly firstSampleMs: number;
  /** How much later than the quickest each buffer of sound was told of: how long sound waits before it is computed with. */
  readonly buffersLateMs: readonly number[];
  /** Seconds of processor time that the renderer's process took, all its threads together, for each second. */
  readonly coreShare: number;
  /** The worker's own count: time in which it computed, or waited for its turn to, ÷ time of the sound. */
  readonly realTimeFactor: number;
}

/** Has `<live-transcript>` of the built package, as one tag makes it, listen to a recording in Chromium. */
export async function hearInElement(microphoneWav: string, durationMs: number): Promise<HeardInElement> {
  const site = await startTranscriptPage({microphoneWav});
  try {
    await spyOnCapture(site.chromium.context);
    await site.open();
    await startListening(site);
    const [startSeconds, startMs] = [await rendererSeconds(site.chromium), performance.now()];
    await site.page.waitForTimeout(durationMs);
    const seconds = (await rendererSeconds(site.chromium)) - startSeconds;
    const heard = await site.page.evaluate(async (bufferSamples) => {
      await globalThis.transcript.stop();
      const {shownTexts: texts, levelsMs, newestStats, openedContexts} = globalThis;
      const bufferMs = (1000 * bufferSamples) / (openedContexts[0]?.sampleRate ?? NaN);
      const startsMs = levelsMs.map((ms, index) => ms - (index + 1) * bufferMs);
      const firstSampleMs = Math.min(...startsMs);
      const buffersLateMs = startsMs.map((ms) => ms - firstSampleMs);
      return {texts, firstSampleMs, buffersLateMs, realTimeFactor: newestStats?.realTimeFactor ?? NaN};
    }, POOL_BUFFER_SAMPLES);
    return {...heard, coreShare: (1000 * seconds) / (performance.now() - startMs)};
  } finally {
    await site.close();
  }
}

/** Loads first, so that listening begins with the recording. */
async function startListening({page}: TranscriptPage): Promise<void> {
  await page.evaluate(async () => {
    const {transcript} = globalThis;
    globalThis.shownTexts = [];
    globalThis.levelsMs = [];
    // each twice: no function with a name may be in here, since tsx would have it call one of its own
    transcript.addEventListener('transcript-partial', ({text, startTime: startMs}) => {
      void transcript.updateComplete.then(() => {
        globalThis.shownTexts.push({kind: 'partial', text, startMs, ms: performance.now()});
      });
    });
    transcript.addEventListener('transcript-final', ({text, startTime: startMs}) => {
      void transcript.updateComplete.then(() => {
        globalThis.shownTexts.push({kind: 'final', text, startMs, ms: performance.now()});
      });
    });
    transcript.addEventListener('transcript-level', () => {
      globalThis.levelsMs.push(performance.now());
    });
    transcript.addEventListener('transcript-stats', ({stats}) => {
      globalThis.newestStats = stats;
    });
    await transcript.load();
    await transcript.start();
  });
}
