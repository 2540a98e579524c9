import type * as Earshot from '../../src/index.ts';
import type {Transcriber} from '../../src/session/transcriber.ts';
import type {TranscriptUtterance} from '../../src/transcript/transcript.ts';
import type {Chromium} from './chromium.ts';

declare global {
  // what the page under test keeps between two calls of the test
  var transcriber: Transcriber;
  var finals: TranscriptUtterance[];
  var transcriptStats: Earshot.ListeningStats[];
  var transcriptProgress: number[];
}

/** Loads a transcriber as `globalThis.transcriber`; what it tells gathers in the globals above. */
export async function loadTranscriber({page}: Chromium, systemId = 'earshot-ctc'): Promise<void> {
  await page.evaluate(async (id) => {
    globalThis.finals = [];
    globalThis.transcriptStats = [];
    globalThis.transcriptProgress = [];
    const transcriber = await globalThis.earshot.Transcriber.load(id);
    transcriber.addEventListener('transcript-final', ({text, words, confidence, startTime, endTime}) =>
      globalThis.finals.push({text, words, confidence, startTime, endTime}),
    );
    transcriber.addEventListener('transcript-stats', ({stats}) => globalThis.transcriptStats.push(stats));
    transcriber.addEventListener('transcript-progress', ({phase, loaded, total}) => {
      if (phase === 'transcribe') globalThis.transcriptProgress.push(loaded / total);
    });
    globalThis.transcriber = transcriber;
  }, systemId);
}

/** Starts the microphone, listens for so long, and stops; resolves to the finals. */
export async function transcribeFor(
  {page}: Chromium,
  durationMs: number,
): Promise<readonly TranscriptUtterance[]> {
  return page.evaluate(async (ms) => {
    await globalThis.transcriber.start();
    await new Promise((resolve) => setTimeout(resolve, ms));
    await globalThis.transcriber.stop();
    return globalThis.finals;
  }, durationMs);
}
