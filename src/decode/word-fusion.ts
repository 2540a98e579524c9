import {fillFusionWeights, type FusionWeights} from './fusion-weights.ts';
import type {LexiconTrie} from './lexicon-trie.ts';
import {LikeliestWord, type LexiconWords} from './likeliest-word.ts';
import {checkTokenId} from './log-softmax.ts';
import {scoreEnd, type NgramModel} from './ngram-model.ts';
import type {PrefixScorer} from './prefix-scorer.ts';
import type {WordExpectations} from './word-expectations.ts';

/** What words a search may find, and how likely they are. */
export interface WordFusionOptions extends FusionWeights, LexiconWords {
  readonly tokenCount: number;
  /** The token that closes a word. */
  readonly spaceId: number;
  /**
   * Subtracted once from a word that is not in the lexicon, natural logarithm, beside what the model gives <unk>.
   * Default Infinity: only words of the lexicon, and while a word is open only their beginnings.
   */
  readonly unknownWordPenalty?: number;
  /**
   * What `expectWords` gives of the lexicon and the model. With it an open word already has alpha times the highest
   * ln P of the words that it may become, whatever was said before it: a narrow search then keeps the beginnings of likely
   * words. Taken back when the word is closed, so that whole hypotheses score alike either way. Language model look-ahead:
   * Ortmanns, Ney and Eiden, ICSLP 1996.
   */
  readonly expectations?: WordExpectations | undefined;
}

/** Of the lexicon's nodes: the open word has left the trie. */
const UNKNOWN = -1;

/**
 * Fusion with words: alpha · ln P(word | words before) + beta, once, when a word that is not empty is closed by the
 * space, or by the end. The penalty of an unknown word comes with the first token that leaves the lexicon, or when a mere
 * beginning is closed. Of words spelled alike, the likeliest counts.
 *
 * Semantics: those of golden/ctc (as parlance/ctcdecode, but for <unk>). State: [model's state, lexicon's node].
 * One search at a time. Allocates when it is made only.
 */
export function createWordFusion(options: WordFusionOptions): PrefixScorer {
  return new WordFusion(options);
}

class WordFusion implements PrefixScorer {
  readonly stateLength = 2;
  readonly gainBounds: Float64Array;
  readonly gain = new Float64Array(1);
  readonly #spaceId: number;
  readonly #lexicon: LexiconTrie;
  readonly #model: NgramModel | undefined;
  readonly #likeliest: LikeliestWord;
  readonly #unknownWordPenalty: number;
  readonly #expectations: WordExpectations | undefined;
  readonly #weights: Required<FusionWeights>;
  readonly #endState = new Int32Array(2);

  constructor(options: WordFusionOptions) {
    const {tokenCount, spaceId, lexicon, model, unknownWordPenalty = Infinity} = options;
    checkTokenId('spaceId', spaceId, tokenCount);
    if (!(unknownWordPenalty >= 0)) {
      throw new RangeError(`unknownWordPenalty: got ${unknownWordPenalty}, expected 0 or more`);
    }
    this.#weights = fillFusionWeights(options);
    this.#spaceId = spaceId;
    this.#lexicon = lexicon;
    this.#model = model;
    this.#likeliest = new LikeliestWord(options);
    this.#unknownWordPenalty = unknownWordPenalty;
    this.#expectations = options.expectations;
    this.gainBounds = new Float64Array(tokenCount);
    this.gainBounds[spaceId] = Math.max(0, this.#weights.beta - this.#expectedAt(UNKNOWN));
  }

  startInto(out: Int32Array, at: number): void {
    out[at] = this.#model?.startState ?? 0;
    out[at + 1] = this.#lexicon.rootNode;
  }

  extendInto(states: Int32Array, at: number, token: number, out: Int32Array, outAt: number): void {
    const node = states[at + 1];
    if (token === this.#spaceId) {
      this.#closeWord(states, at, out, outAt);
      return;
    }
    const child = node === UNKNOWN ? UNKNOWN : this.#lexicon.childOf(node, token);
    this.gain[0] = child === UNKNOWN && node !== UNKNOWN ? -this.#unknownWordPenalty : 0;
    this.gain[0] += this.#expectedAt(child) - this.#expectedAt(node);
    out[outAt] = states[at];
    out[outAt + 1] = child;
  }

  endInto(states: Int32Array, at: number): void {
    this.#closeWord(states, at, this.#endState, 0);
    const {alpha, isEndScored} = this.#weights;
    if (!isEndScored || this.#model === undefined) return;
    this.gain[0] += alpha * scoreEnd(this.#model, this.#endState[0]);
  }

  #closeWord(states: Int32Array, at: number, out: Int32Array, outAt: number): void {
    const node = states[at + 1];
    const {rootNode} = this.#lexicon;
    out[outAt] = states[at];
    out[outAt + 1] = rootNode;
    this.gain[0] = 0;
    if (node === rootNode) return;
    const wordCount = node === UNKNOWN ? 0 : this.#lexicon.wordCountAt(node);
    if (wordCount === 0 && node !== UNKNOWN) this.gain[0] = -this.#unknownWordPenalty;
    if (this.gain[0] === -Infinity) return;
    this.gain[0] += this.#weights.beta - this.#expectedAt(node);
    this.#likeliest.choose(node, states[at]);
    this.gain[0] += this.#weights.alpha * this.#likeliest.logProb[0];
    out[outAt] = this.#likeliest.state[0];
  }

  /** What an open word has at a node; one that has left the trie has the least. */
  #expectedAt(node: number): number {
    if (this.#expectations === undefined) return 0;
    const {logProbs, least} = this.#expectations;
    return this.#weights.alpha * (node === UNKNOWN ? least : logProbs[node]);
  }
}
