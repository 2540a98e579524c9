import {computeWords, type ScoredSpans, type TimedWord} from '../decode/ctc-words.ts';
import type {WordsOfTokens} from '../decode/words-of-tokens.ts';
import type {TokenSet} from '../systems/card.ts';

/** What an utterance seems to be while it lasts. */
export interface PartialText {
  readonly text: string;
  /** UTF-16 units at the start of `text` that stand. */
  readonly stableLength: number;
}

/** How tokens are written. */
export interface UtteranceText {
  /**
   * The text so far.
   * @param stableCount of the tokens, from the first, that can no longer change.
   */
  partial(tokens: Int32Array, stableCount: number): PartialText;
  /** The words of an utterance that has ended, with their times. */
  words(spans: ScoredSpans): readonly TimedWord[];
}

/** Letters are written as they are: of an open word those that there are. Any thread. */
export function createLetterText(tokenSet: TokenSet): UtteranceText {
  return {
    partial: (tokens, stableCount) => ({
      text: textOfTokens(tokens, tokenSet),
      stableLength: textOfTokens(tokens.subarray(0, stableCount), tokenSet).length,
    }),
    words: (spans) => computeWords(spans, tokenSet),
  };
}

/**
 * Phones are written as the words that they are the pronunciation of. An open word is the longest that begins as it
 * does, or nothing yet; only words that are closed stand. Any thread.
 */
export function createPhoneText(tokenSet: TokenSet, lexicon: WordsOfTokens): UtteranceText {
  const textOf = (tokens: Int32Array): string => lexicon.read(tokens).filter(isWord).join(' ');
  return {
    partial: (tokens, stableCount) => {
      const closedCount = tokens.subarray(0, stableCount).lastIndexOf(tokenSet.spaceId) + 1;
      return {text: textOf(tokens), stableLength: textOf(tokens.subarray(0, closedCount)).length};
    },
    words: (spans) => {
      const texts = lexicon.read(spans.tokens);
      return computeWords(spans, tokenSet).flatMap((word, index) => {
        const text = texts[index];
        return isWord(text) ? [{...word, text}] : [];
      });
    },
  };
}

/** Words with one space between them: a space at either end, or a second one, is silence. Any thread. */
export function textOfTokens(tokens: Int32Array, {labels, spaceId}: TokenSet): string {
  const letters = Array.from(tokens, (token) => (token === spaceId ? ' ' : (labels[token] ?? '')));
  return letters.join('').split(' ').filter(Boolean).join(' ');
}

function isWord(word: string | undefined): word is string {
  return word !== undefined;
}
