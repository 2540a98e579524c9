import {CtcGreedySearch} from '../decode/ctc-greedy-search.ts';
import {CtcPrefixBeam} from '../decode/ctc-prefix-beam.ts';
import {
  computeUtteranceConfidence,
  computeWords,
  type ScoredSpans,
  type TimedWord,
} from '../decode/ctc-words.ts';
import type {TokenSet} from '../systems/card.ts';
import {createScorer, type WordChoice, type WordKnowledge} from './word-knowledge.ts';

/** Hypotheses kept where nothing is asked for. */
export const DEFAULT_BEAM_WIDTH = 16;

/** How an utterance is decoded. */
export interface UtteranceDecoderOptions extends WordChoice {
  /**
   * `beam` (default): prefix beam search. `greedy`: the best token of each frame, as published figures have it; no other
   * option, and no language model, has a part in it.
   */
  readonly decoding?: 'beam' | 'greedy';
  /** Hypotheses kept at once; default 16. */
  readonly beamWidth?: number;
}

/** What an utterance seems to be while it lasts. */
export interface PartialText {
  readonly text: string;
  /** UTF-16 units at the start of `text` that stand. */
  readonly stableLength: number;
}

/** What an utterance was; frames are those of the log-probabilities. */
export interface DecodedUtterance {
  readonly text: string;
  readonly words: readonly TimedWord[];
  /** 0…1; NaN where there are no words. */
  readonly confidence: number;
}

/** What finds the tokens of an utterance. */
interface UtteranceSearch {
  reset(): void;
  accept(logProbs: Float32Array): void;
  best(): ScoredSpans;
  stablePrefixLength(): number;
  nBest(count: number): readonly ScoredSpans[];
}

/**
 * Log-probabilities of one utterance in, text out: prefix beam or greedy search, words, their frames and confidence.
 * Any thread. One utterance at a time.
 */
export class UtteranceDecoder {
  readonly #tokens: TokenSet;
  readonly #search: UtteranceSearch;

  /**
   * @param words of a language model, where there is one.
   * Throws `RangeError` where the beam width is no positive integer, or a hot word cannot be spelled.
   */
  constructor(tokens: TokenSet, words?: WordKnowledge, options: UtteranceDecoderOptions = {}) {
    this.#tokens = tokens;
    this.#search = createSearch(tokens, words, options);
  }

  /** Begins the next utterance. */
  reset(): void {
    this.#search.reset();
  }

  /**
   * Searches on.
   * @param logProbs [frameCount × tokenCount], row-major, natural logarithms.
   */
  accept(logProbs: Float32Array): void {
    this.#search.accept(logProbs);
  }

  /** The best text so far, and how much of it stands whatever follows. */
  partial(): PartialText {
    const {tokens} = this.#search.best();
    const text = textOfTokens(tokens, this.#tokens);
    const stable = textOfTokens(tokens.subarray(0, this.#search.stablePrefixLength()), this.#tokens);
    return {text, stableLength: stable.length};
  }

  /** The text, now that the utterance has ended. */
  final(): DecodedUtterance {
    const [best] = this.#search.nBest(1);
    if (!best) return {text: '', words: [], confidence: NaN};
    const words = computeWords(best, this.#tokens);
    const text = words.map((word) => word.text).join(' ');
    return {text, words, confidence: computeUtteranceConfidence(best)};
  }
}

function createSearch(
  tokens: TokenSet,
  words: WordKnowledge | undefined,
  {decoding = 'beam', beamWidth = DEFAULT_BEAM_WIDTH, ...choice}: UtteranceDecoderOptions,
): UtteranceSearch {
  const ctc = {tokenCount: tokens.labels.length, blankId: tokens.blankId};
  if (decoding === 'greedy') return new CtcGreedySearch(ctc);
  const scorer = createScorer(tokens, words, choice);
  return new CtcPrefixBeam({...ctc, beamWidth, ...(scorer && {scorer})});
}

/** Words with one space between them: a space at either end, or a second one, is silence. Any thread. */
export function textOfTokens(tokens: Int32Array, {labels, spaceId}: TokenSet): string {
  const letters = Array.from(tokens, (token) => (token === spaceId ? ' ' : (labels[token] ?? '')));
  return letters.join('').split(' ').filter(Boolean).join(' ');
}
