import type {TranscriptUtterance} from '../transcript/transcript.ts';

/**
 * What was said so far, on one time line: the times of each run go on where the run before ended, so that subtitles made
 * of several runs are in order. What the visitor reads first is the first run, with its times unchanged.
 */
export class TranscriptRecord {
  #utterances: readonly TranscriptUtterance[] = [];
  #runStartMs = 0;

  /** All utterances, oldest first; another array after each change. */
  get utterances(): readonly TranscriptUtterance[] {
    return this.#utterances;
  }

  /** A microphone or a file is being listened to, and its time begins at 0. */
  beginRun(): void {
    this.#runStartMs = this.#utterances.at(-1)?.endTime ?? 0;
  }

  /** Adds what was said last. */
  add(utterance: TranscriptUtterance): void {
    this.#utterances = [...this.#utterances, delayed(utterance, this.#runStartMs)];
  }

  /** Forgets all utterances; the times of a run under way stay as they are. */
  clear(): void {
    this.#utterances = [];
  }
}

/** A plain copy that is so much later. */
function delayed(
  {text, words, confidence, startTime, endTime}: TranscriptUtterance,
  delayMs: number,
): TranscriptUtterance {
  return {
    text,
    confidence,
    startTime: startTime + delayMs,
    endTime: endTime + delayMs,
    words: words.map((word) => ({
      ...word,
      startTime: word.startTime + delayMs,
      endTime: word.endTime + delayMs,
    })),
  };
}
