import type {HotWord, TranscriptionOptions} from '../protocol/transcription-messages.ts';
import type {TranscriberOptions} from './transcriber-options.ts';
import type {TranscriptionCard} from '../systems/card.ts';
import {checkRanges} from './check-range.ts';
import {checkWord} from './check-word.ts';

/** Lowest and highest allowed value of each numeric option. */
const RANGES = {
  beamWidth: [1, 256],
  languageModelWeight: [0, 10],
  wordBonus: [-10, 10],
  hotWordBoost: [0.01, 20],
  trailingSilenceMs: [100, 5000],
  maxUtteranceMs: [2000, 60_000],
} as const;

const DECODINGS = ['beam', 'greedy'] as const;
/** What the greedy search has no use for. */
const BEAM_OPTIONS = [
  'beamWidth',
  'languageModelWeight',
  'wordBonus',
  'hotWords',
  'hotWordBoost',
  'languageModel',
] as const;
const FEATURES = ['streaming', 'utterance'] as const;

const MAX_HOT_WORDS = 1000;

/**
 * Refuses a language model that is neither a file nor one of the words for it: attributes may hold any text.
 * @throws RangeError with got and expected.
 */
export function checkLanguageModel(languageModel: Blob | string | undefined): void {
  if (typeof languageModel !== 'string' || languageModel === 'built-in' || languageModel === 'none') return;
  throw new RangeError(`got languageModel "${languageModel}", expected "built-in", "none" or a Blob`);
}

/**
 * Refuses a scale of samples that the system's networks are not trained on.
 * @throws RangeError with got and expected.
 */
export function checkFullScale(
  fullScale: string | undefined,
  {id, fullScales}: Pick<TranscriptionCard, 'id' | 'fullScales'>,
): void {
  if (fullScale !== undefined && !fullScales) {
    throw new RangeError(`got fullScale "${fullScale}" for ${id}, expected none: it has one scale only`);
  }
  checkWord('fullScale', fullScale, fullScales ?? []);
}

/**
 * The options of transcription among others, checked.
 * @param card of the system that is to transcribe: it may not run utterances of any length.
 * @throws RangeError with got and expected.
 */
export function checkTranscription(
  options: TranscriptionOptions & Pick<TranscriberOptions, 'languageModel'>,
  card: Pick<TranscriptionCard, 'maxUtteranceMs'>,
): TranscriptionOptions {
  const {beamWidth, hotWords, features, decoding} = options;
  checkWord('decoding', decoding, DECODINGS);
  checkWord('features', features, FEATURES);
  const beamOption = BEAM_OPTIONS.find((name) => options[name] !== undefined && options[name] !== 'none');
  if (decoding === 'greedy' && beamOption !== undefined) {
    throw new RangeError(`got ${beamOption} with the decoding "greedy", expected it only with "beam"`);
  }
  const [shortestMs, longestMs] = RANGES.maxUtteranceMs;
  const longest = [shortestMs, Math.min(longestMs, card.maxUtteranceMs ?? Infinity)] as const;
  const checked = checkRanges(options, {...RANGES, maxUtteranceMs: longest});
  if (beamWidth !== undefined && !Number.isInteger(beamWidth)) {
    throw new RangeError(`got beamWidth ${String(beamWidth)}, expected an integer`);
  }
  if (hotWords && hotWords.length > MAX_HOT_WORDS) {
    throw new RangeError(
      `got ${String(hotWords.length)} hot words, expected at most ${String(MAX_HOT_WORDS)}`,
    );
  }
  return {
    ...checked,
    ...(decoding && {decoding}),
    ...(features && {features}),
    ...(hotWords && {hotWords: hotWords.map(copyHotWord)}),
  };
}

/**
 * A framework's proxy cannot be sent.
 * @throws RangeError where it is neither a text nor an object with one.
 */
function copyHotWord(hotWord: HotWord): HotWord {
  if (typeof hotWord === 'string') return hotWord;
  const {text, pronunciation} = hotWord as {readonly text?: unknown; readonly pronunciation?: unknown};
  if (typeof text === 'string' && (pronunciation === undefined || typeof pronunciation === 'string')) {
    return {text, ...(pronunciation !== undefined && {pronunciation})};
  }
  throw new RangeError(
    `got the hot word ${JSON.stringify(hotWord)}, expected a text or {text, pronunciation}`,
  );
}
