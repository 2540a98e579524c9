import {LikeliestWord, UNKNOWN_WORD, type LexiconWords} from './likeliest-word.ts';

/** What makes words of tokens. */
export interface WordsOfTokensOptions extends LexiconWords {
  /** The token that closes a word. */
  readonly spaceId: number;
}

/**
 * Writes the words of a lexicon that tokens spell: phones are no text by themselves. Of words spelled alike each is the
 * one that the word fusion of the same options has scored, by the words before it.
 * Any thread. Looks the model's words up when it is made, where their ids are not given.
 */
export class WordsOfTokens {
  readonly #options: WordsOfTokensOptions;
  readonly #likeliest: LikeliestWord;

  constructor(options: WordsOfTokensOptions) {
    this.#options = options;
    this.#likeliest = new LikeliestWord(options);
  }

  /**
   * The words, one for each stretch of tokens between spaces; undefined where the lexicon has none. The last, which no
   * space has closed, is the longest word that its stretch begins with: what it is to become shows later.
   * Allocates its result.
   */
  read(tokens: ArrayLike<number>): readonly (string | undefined)[] {
    const {lexicon, model, spaceId} = this.#options;
    const words: (string | undefined)[] = [];
    let state = model?.startState ?? 0;
    let node = lexicon.rootNode;
    let longestWord = UNKNOWN_NODE; // of the open word's beginnings
    const close = (end: number): void => {
      this.#likeliest.choose(end, state);
      state = this.#likeliest.state[0];
      const wordId = this.#likeliest.wordId[0];
      words.push(wordId === UNKNOWN_WORD ? undefined : lexicon.words[wordId]);
    };
    for (let index = 0; index < tokens.length; index++) {
      if (tokens[index] !== spaceId) {
        if (node === lexicon.rootNode) longestWord = UNKNOWN_NODE;
        node = node === UNKNOWN_NODE ? UNKNOWN_NODE : lexicon.childOf(node, tokens[index]);
        if (node !== UNKNOWN_NODE && lexicon.wordCountAt(node) > 0) longestWord = node;
        continue;
      }
      if (node !== lexicon.rootNode) close(node);
      node = lexicon.rootNode;
    }
    if (node !== lexicon.rootNode) close(longestWord);
    return words;
  }
}

/** A spelling that has left the lexicon. */
const UNKNOWN_NODE = -1;
