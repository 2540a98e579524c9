/** Which tokens of a frame may lengthen a prefix; none of these limits touches blanks and repeats. */
export interface TokenPruning {
  /** Natural logarithm; tokens below it lengthen no prefix. Default −Infinity. */
  readonly minTokenLogProb?: number;
  /** How many tokens at most: those that could add most to a rank. Default: all. */
  readonly maxTokensPerFrame?: number;
}

/** The row of one frame, and its tokens in the order of what they could add to a rank. */
export class CandidateTokens {
  /** [tokenCount] log-probabilities of the frame. */
  readonly row: Float64Array;
  /** [tokenCount] the most that a token could add: its log-probability + the bound of the scorer's gain. */
  readonly keys: Float64Array;
  /** [count] tokens by falling key. */
  readonly tokens: Int32Array;
  count = 0;
  readonly #gainBounds: Float64Array;
  readonly #blankId: number;
  readonly #minTokenLogProb: number;
  readonly #maxCount: number;

  /** @throws RangeError where `maxTokensPerFrame` is no positive integer or the limit is NaN. */
  constructor(blankId: number, gainBounds: Float64Array, pruning: TokenPruning) {
    const {minTokenLogProb = -Infinity, maxTokensPerFrame = gainBounds.length} = pruning;
    if (Number.isNaN(minTokenLogProb)) throw new RangeError('minTokenLogProb: got NaN, expected a logarithm');
    if (!Number.isInteger(maxTokensPerFrame) || maxTokensPerFrame < 1) {
      throw new RangeError(`maxTokensPerFrame: got ${maxTokensPerFrame}, expected a positive integer`);
    }
    this.row = new Float64Array(gainBounds.length);
    this.keys = new Float64Array(gainBounds.length);
    this.tokens = new Int32Array(gainBounds.length);
    this.#gainBounds = gainBounds;
    this.#blankId = blankId;
    this.#minTokenLogProb = minTokenLogProb;
    this.#maxCount = maxTokensPerFrame;
  }

  /** Takes the row that begins at `offset`. Allocates nothing. */
  load(logProbs: Float32Array | Float64Array, offset: number): void {
    const {row, keys} = this;
    const gainBounds = this.#gainBounds;
    for (let token = 0; token < row.length; token++) {
      row[token] = logProbs[offset + token];
      keys[token] = row[token] + gainBounds[token];
    }
  }

  /**
   * Lists the tokens that could lift a prefix above a rank.
   * @param limits [2] the best rank of any prefix, and the rank to be above.
   */
  list(limits: Float64Array): void {
    const {row, keys, tokens} = this;
    const blankId = this.#blankId;
    const minTokenLogProb = this.#minTokenLogProb;
    const lowest = limits[1] - limits[0];
    let count = 0;
    for (let token = 0; token < row.length; token++) {
      const key = keys[token];
      if (!(key > lowest) || key === -Infinity || row[token] < minTokenLogProb || token === blankId) continue;
      if (count === this.#maxCount && !(key > keys[tokens[count - 1]])) continue;
      // insertion: few tokens are left where the model is sure
      let at = count === this.#maxCount ? count - 1 : count++;
      while (at > 0 && keys[tokens[at - 1]] < key) {
        tokens[at] = tokens[at - 1];
        at--;
      }
      tokens[at] = token;
    }
    this.count = count;
  }
}
