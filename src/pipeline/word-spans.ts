import type {TimedWord} from '../decode/ctc-words.ts';

/** One word; sample indices at the system's rate. */
export interface WordSpan {
  readonly text: string;
  readonly startSample: number;
  readonly endSample: number;
  readonly confidence: number; // 0…1
}

/**
 * Places the words of an utterance on the stream's timeline.
 * @param startSample where the utterance begins: nothing is before the start of the stream, sample 0.
 * @param frameSamples from one row of log-probabilities to the next.
 */
export function wordSpansOf(
  words: readonly TimedWord[],
  startSample: number,
  frameSamples: number,
): WordSpan[] {
  const sampleOf = (frame: number): number => Math.max(0, startSample + frame * frameSamples);
  return words.map(({startFrame, endFrame, ...word}) => ({
    ...word,
    startSample: sampleOf(startFrame),
    endSample: sampleOf(endFrame),
  }));
}
