import {checkTranscript, type TranscriptUtterance, type TranscriptWord} from './transcript.ts';

const FORMAT = 'earshot-transcript';
const VERSION = 1;

/**
 * A transcript as JSON, indented by two spaces:
 *
 * ```json
 * {
 *   "format": "earshot-transcript",
 *   "version": 1,
 *   "timeUnit": "ms",
 *   "utterances": [
 *     {
 *       "text": "go left", "startTime": 120, "endTime": 940, "confidence": 0.93,
 *       "words": [{"text": "go", "startTime": 120, "endTime": 400, "confidence": 0.95}, …]
 *     }
 *   ]
 * }
 * ```
 *
 * Times are milliseconds from the start of the recording, confidences 0…1; {@link readTranscriptJson} reads it back.
 * Any thread. @throws RangeError, TypeError where the transcript is out of range.
 */
export function toTranscriptJson(utterances: readonly TranscriptUtterance[]): string {
  checkTranscript(utterances);
  const plain = utterances.map((utterance) => ({
    ...plainWord(utterance),
    words: utterance.words.map(plainWord),
  }));
  return `${JSON.stringify({format: FORMAT, version: VERSION, timeUnit: 'ms', utterances: plain}, null, 2)}\n`;
}

/** The fields by name: an event, which is an utterance too, would become JSON with others. */
function plainWord({text, startTime, endTime, confidence}: TranscriptWord): TranscriptWord {
  return {text, startTime, endTime, confidence};
}

/**
 * Reads what {@link toTranscriptJson} wrote. Unknown fields are left out.
 * Any thread. @throws SyntaxError where it is no JSON; TypeError where it is none of ours or of another version;
 * RangeError where a value is out of range.
 */
export function readTranscriptJson(text: string): readonly TranscriptUtterance[] {
  const {format, version, timeUnit, utterances} = asRecord('the file', JSON.parse(text) as unknown);
  if (format !== FORMAT || version !== VERSION || timeUnit !== 'ms') {
    const got = JSON.stringify([format, version, timeUnit]);
    throw new TypeError(`format, version and timeUnit: got ${got}, expected ["${FORMAT}",${VERSION},"ms"]`);
  }
  const read = asArray('utterances', utterances).map((value, index) => {
    const words = asArray(`utterance ${index}, words`, asRecord(`utterance ${index}`, value)['words']);
    return {
      ...readWord(`utterance ${index}`, value),
      words: words.map((word, at) => readWord(`word ${at}`, word)),
    };
  });
  checkTranscript(read);
  return read;
}

function readWord(what: string, value: unknown): TranscriptWord {
  const {text, startTime, endTime, confidence} = asRecord(what, value);
  // what is no number is NaN, which no check lets through
  const number = (field: unknown): number => (typeof field === 'number' ? field : NaN);
  return {
    text: text as string, // checkTranscript looks at it
    startTime: number(startTime),
    endTime: number(endTime),
    confidence: number(confidence),
  };
}

function asRecord(what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return {...value};
  throw new TypeError(`${what}: got ${describe(value)}, expected an object`);
}

function asArray(what: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError(`${what}: got ${describe(value)}, expected an array`);
}

function describe(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}
