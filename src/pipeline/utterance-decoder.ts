import {CtcGreedySearch} from '../decode/ctc-greedy-search.ts';
import {CtcPrefixBeam} from '../decode/ctc-prefix-beam.ts';
import {computeUtteranceConfidence, type ScoredSpans, type TimedWord} from '../decode/ctc-words.ts';
import type {TokenSet} from '../systems/card.ts';
import {createLetterText, type PartialText, type UtteranceText} from './utterance-text.ts';
import type {WordKnowledge} from './word-knowledge.ts';
import {createWordSearch, type WordChoice} from './word-search.ts';

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
  /** Natural logarithm: hypotheses further below the best are given up; default Infinity. */
  readonly beamThreshold?: number;
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
  readonly #search: UtteranceSearch;
  readonly #text: UtteranceText;
  readonly #spaceId: number;

  /**
   * @param words of a language model, where there is one.
   * Throws `RangeError` where the beam width is no positive integer, or phones are to be decoded greedily, LexiconError
   * where a hot word cannot be spelled or said.
   */
  constructor(tokens: TokenSet, words?: WordKnowledge, options: UtteranceDecoderOptions = {}) {
    const {decoding = 'beam', beamWidth = DEFAULT_BEAM_WIDTH, beamThreshold = Infinity, ...choice} = options;
    this.#spaceId = tokens.spaceId;
    const ctc = {tokenCount: tokens.labels.length, blankId: tokens.blankId};
    if (decoding === 'greedy') {
      if (words?.pronunciations) throw new RangeError('got the decoding "greedy" of phones, expected "beam"');
      this.#search = new CtcGreedySearch(ctc);
      this.#text = createLetterText(tokens);
      return;
    }
    const {scorer, dropsTwins, text} = createWordSearch(tokens, words, choice);
    this.#search = new CtcPrefixBeam({...ctc, beamWidth, beamThreshold, dropsTwins, ...(scorer && {scorer})});
    this.#text = text;
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

  /**
   * The best text so far, and how much of it stands whatever follows.
   * @param isPausing whether nobody speaks just now: then it is the text that the final would have, since the language
   * model has its say on the last word only where that is closed.
   */
  partial(isPausing = false): PartialText {
    const [ended] = isPausing ? this.#search.nBest(1) : [];
    return this.#text.partial((ended ?? this.#search.best()).tokens, this.#search.stablePrefixLength());
  }

  /** Frame after the last token of the best hypothesis that is part of a word; undefined where there is none. */
  lastWordEnd(): number | undefined {
    const {tokens, endFrames} = this.#search.best();
    const last = tokens.findLastIndex((token) => token !== this.#spaceId);
    return endFrames[last];
  }

  /** The text, now that the utterance has ended. */
  final(): DecodedUtterance {
    const [best] = this.#search.nBest(1);
    if (!best) return {text: '', words: [], confidence: NaN};
    const words = this.#text.words(best);
    const text = words.map((word) => word.text).join(' ');
    return {text, words, confidence: computeUtteranceConfidence(best)};
  }
}
