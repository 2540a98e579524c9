import type {LexiconTrie} from './lexicon-trie.ts';
import {scoreWordInto, type NgramModel} from './ngram-model.ts';

/** A word that is not in the lexicon, or not in the model. */
export const UNKNOWN_WORD = -1;

/** The words of a lexicon, and what decides between those that are spelled alike. */
export interface LexiconWords {
  readonly lexicon: LexiconTrie;
  /** Without it the first of the words spelled alike is taken, and none is likelier than another. */
  readonly model?: NgramModel | undefined;
  /** [wordCount] the model's id of each word of the lexicon; looked up by the words where absent. */
  readonly modelIds?: Int32Array | undefined;
  /**
   * [wordCount] added to the ln P of each word where words are spelled alike, and nowhere else: a name is expected
   * more often here than in what the model was made of. Zeros where absent.
   */
  readonly preferences?: Float64Array | undefined;
}

/**
 * Chooses between words that are spelled alike by the words before them: the one place that does, so that a search
 * scores the word that is written in the end.
 * One search at a time. Allocates when it is made only.
 */
export class LikeliestWord {
  /** [1] the lexicon's id of what was chosen; {@link UNKNOWN_WORD} where no word is spelled so. */
  readonly wordId = new Int32Array(1);
  /** [1] the model's state after it. */
  readonly state = new Int32Array(1);
  /** [1] its ln P; 0 without a model. */
  readonly logProb = new Float64Array(1);
  /** [wordCount] the model's id of each word of the lexicon. */
  readonly modelIds: Int32Array;
  readonly #lexicon: LexiconTrie;
  readonly #model: NgramModel | undefined;
  readonly #preferences: Float64Array;
  readonly #nextState = new Int32Array(1);
  readonly #nextLogProb = new Float64Array(1);

  constructor({lexicon, model, modelIds, preferences}: LexiconWords) {
    this.#lexicon = lexicon;
    this.#model = model;
    this.modelIds =
      modelIds ?? Int32Array.from(lexicon.words, (word) => model?.wordIdOf(word) ?? UNKNOWN_WORD);
    this.#preferences = preferences ?? new Float64Array(lexicon.words.length);
  }

  /**
   * Chooses the word that ends at a node, and writes `wordId`, `state` and `logProb`.
   * @param node of the lexicon; −1 for a spelling that has left it.
   * @param state the model's, after the words before.
   */
  choose(node: number, state: number): void {
    const lexicon = this.#lexicon;
    const wordCount = node < 0 ? 0 : lexicon.wordCountAt(node);
    let best = -Infinity;
    for (let which = 0; which < Math.max(1, wordCount); which++) {
      const wordId = wordCount === 0 ? UNKNOWN_WORD : lexicon.wordIdAt(node, which);
      this.#score(wordId, state);
      const rank = this.#nextLogProb[0] + (wordId < 0 ? 0 : this.#preferences[wordId]);
      if (!(rank > best)) continue;
      best = rank;
      this.wordId[0] = wordId;
      this.state[0] = this.#nextState[0];
      this.logProb[0] = this.#nextLogProb[0];
    }
  }

  #score(wordId: number, state: number): void {
    if (this.#model !== undefined) {
      const modelId = wordId < 0 ? UNKNOWN_WORD : this.modelIds[wordId];
      scoreWordInto(this.#model, state, modelId, this.#nextState, this.#nextLogProb);
      return;
    }
    this.#nextState[0] = state;
    this.#nextLogProb[0] = 0;
  }
}
