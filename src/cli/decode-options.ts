import type {HotWord} from '../pipeline/hot-phrases.ts';
import type {UtteranceDecoderOptions} from '../pipeline/utterance-decoder.ts';
import type {TranscriptionCard} from '../systems/card.ts';
import {UsageError} from './cli-error.ts';
import {numberOption, wordOption, type NumberKind} from './parse-options.ts';

/** Options that say how words are found in what a transcriber's network gives. */
export const decodeOptions = {
  decoding: {type: 'string'},
  beam: {type: 'string'},
  lm: {type: 'string'},
  'lm-weight': {type: 'string'},
  'word-bonus': {type: 'string'},
  'hot-words': {type: 'string'},
  'hot-word-boost': {type: 'string'},
} as const;

/** What `--help` says of them. */
export const decodeOptionsHelp = `\
  --decoding NAME      beam or greedy: the best token of each frame, without the options that follow here
  --beam N             hypotheses that the prefix beam search keeps, 1 to 256
  --lm FILE            language model in the binary form that earshot build-lm writes, built-in or none; default: the
                       one on the system's card, built-in for earshot-ctc, which then hears phones
  --lm-weight X        weight of the language model, 0 to 10; default: the card's, or 0.5
  --word-bonus X       added for each word, natural log, -10 to 10; default: the card's, or 1.5; only with --lm
  --hot-words "A,B C"  words or phrases that are likelier here than elsewhere, separated by commas; A=K W AA M EY
                       says how one is said that the lexicon lacks
  --hot-word-boost X   added for each hot word, natural log, above 0, at most 20; default 4`;

/** Hypotheses kept where a language model is asked for and no beam, and the card has no defaults. */
const BEAM_WITH_LANGUAGE_MODEL = 64;

const BEAM: NumberKind = {
  expected: 'a whole number of 1 to 256',
  accepts: (value) => Number.isInteger(value) && value >= 1 && value <= 256,
};

const WEIGHT: NumberKind = {
  expected: 'a number of 0 to 10',
  accepts: (value) => value >= 0 && value <= 10,
};
const BONUS: NumberKind = {
  expected: 'a number of -10 to 10',
  accepts: (value) => value >= -10 && value <= 10,
};
const BOOST: NumberKind = {
  expected: 'a number above 0, at most 20',
  accepts: (value) => value > 0 && value <= 20,
};

/** Values of {@link decodeOptions}, as they were given. */
export type DecodeChoice = {readonly [Name in keyof typeof decodeOptions]?: string | undefined};

/**
 * The search that is asked for.
 * @param card of the system that is to be searched.
 * @throws UsageError where a number is out of its range, or the greedy search is given an option of the other.
 */
export function readDecodeOptions(
  values: DecodeChoice,
  card: Pick<TranscriptionCard, 'defaults'>,
): UtteranceDecoderOptions {
  const hasWideBeam = values.lm !== undefined && values.lm !== 'none' && !card.defaults.search;
  const decoding = wordOption('decoding', values.decoding, ['beam', 'greedy']);
  if (decoding === 'greedy') {
    const names = Object.keys(decodeOptions) as (keyof typeof decodeOptions)[];
    const other = names.find(
      (name) => name !== 'decoding' && values[name] !== undefined && values[name] !== 'none',
    );
    if (other === undefined) return {decoding};
    throw new UsageError(`--${other}: got it with --decoding greedy, expected it only with beam`);
  }
  const given = {
    decoding,
    beamWidth:
      numberOption('beam', values.beam, BEAM) ?? (hasWideBeam ? BEAM_WITH_LANGUAGE_MODEL : undefined),
    languageModelWeight: numberOption('lm-weight', values['lm-weight'], WEIGHT),
    wordBonus: numberOption('word-bonus', values['word-bonus'], BONUS),
    hotWords: values['hot-words']
      ?.split(',')
      .filter((phrase) => phrase.trim() !== '')
      .map(readHotWord),
    hotWordBoost: numberOption('hot-word-boost', values['hot-word-boost'], BOOST),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** A phrase, or a word with its pronunciation behind an equals sign. */
function readHotWord(phrase: string): HotWord {
  const [text = '', pronunciation] = phrase.split('=');
  return pronunciation === undefined ? text : {text, pronunciation};
}
