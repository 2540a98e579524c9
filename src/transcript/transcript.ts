/** One word; times in milliseconds from the start of the recording, confidence 0…1. */
export interface TranscriptWord {
  readonly text: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly confidence: number;
}

/** What was said between two pauses: what a `transcript-final` event carries. */
export interface TranscriptUtterance extends TranscriptWord {
  /** In the order of their times; may be empty where only the text is known. */
  readonly words: readonly TranscriptWord[];
}

/** What ends a line: LF, or CR LF for Windows' players. */
export type LineEnding = '\n' | '\r\n';

/** Options of the exports to text, which all have lines. */
export interface LineOptions {
  /** Default LF. */
  readonly lineEnding?: LineEnding;
}

/**
 * Checks what is to be exported.
 * @throws TypeError where a text is none; RangeError where a time or a confidence is out of range, an end is before its
 * start, or utterances or words are not in order.
 */
export function checkTranscript(utterances: readonly TranscriptUtterance[]): void {
  utterances.forEach((utterance, index) => {
    const what = `utterance ${index}`;
    checkSpan(what, utterance);
    checkOrder(what, utterance, utterances[index - 1]);
    utterance.words.forEach((word, at) => {
      checkSpan(`${what}, word ${at}`, word);
      checkOrder(`${what}, word ${at}`, word, utterance.words[at - 1]);
    });
  });
}

function checkSpan(what: string, {text, startTime, endTime, confidence}: TranscriptWord): void {
  if (typeof text !== 'string')
    throw new TypeError(`${what}: got a text of ${typeof text}, expected a string`);
  if (!(startTime >= 0 && endTime >= startTime && endTime <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(
      `${what}: got ${startTime} to ${endTime} ms, expected a start of 0 or later and an end not before it`,
    );
  }
  if (!(confidence >= 0 && confidence <= 1)) {
    throw new RangeError(`${what}: got a confidence of ${confidence}, expected 0 to 1`);
  }
}

function checkOrder(what: string, {startTime}: TranscriptWord, before: TranscriptWord | undefined): void {
  if (!before || startTime >= before.startTime) return;
  throw new RangeError(
    `${what}: got a start at ${startTime} ms, expected ${before.startTime} or later, in order`,
  );
}

/** The words of a text: what stands between spaces, line breaks and control characters. */
export function splitText(text: string): readonly string[] {
  return text.split(/[\s\p{Cc}]+/u).filter((word) => word !== '');
}
