/**
 * What a search adds to the acoustic score of a prefix, token by token: a language model, hot words, a lexicon.
 *
 * The state of a prefix is a few int32, kept by the search. A score goes out through `gain` and not as a result: a
 * number returned from a function that is not inlined is an object to the engine, and the search asks thousands of
 * times a second. One scorer serves one search at a time.
 */
export interface PrefixScorer {
  /** Number of int32 that hold a prefix's state. */
  readonly stateLength: number;
  /** [tokenCount] the most that each token can ever add; the search prunes by it. */
  readonly gainBounds: Float64Array;
  /** [1] what the last call added, natural logarithm; −Infinity where the token must not follow. */
  readonly gain: Float64Array;
  /** Writes the state of the empty prefix at `out[at]`. */
  startInto(out: Int32Array, at: number): void;
  /**
   * Scores the token after the prefix whose state is at `states[at]`: writes `gain[0]` and, unless that is −Infinity,
   * the state of the longer prefix at `out[outAt]`. Allocates nothing.
   */
  extendInto(states: Int32Array, at: number, token: number, out: Int32Array, outAt: number): void;
  /** Scores the end of the utterance after that prefix: writes `gain[0]`. */
  endInto(states: Int32Array, at: number): void;
}

/**
 * Makes one scorer of several, whose gains add up: a word model with hot words, for example.
 * @throws RangeError where there are none, or they are for different numbers of tokens.
 */
export function combineScorers(scorers: readonly PrefixScorer[]): PrefixScorer {
  const [first] = scorers;
  if (first === undefined) throw new RangeError('scorers: got none, expected one or more');
  const {length} = first.gainBounds;
  const odd = scorers.find(({gainBounds}) => gainBounds.length !== length);
  if (odd !== undefined) {
    throw new RangeError(`scorers: got one for ${odd.gainBounds.length} tokens, expected ${length}`);
  }
  return scorers.length === 1 ? first : new CombinedScorer(scorers);
}

class CombinedScorer implements PrefixScorer {
  readonly stateLength: number;
  readonly gainBounds: Float64Array;
  readonly gain = new Float64Array(1);
  readonly #scorers: readonly PrefixScorer[];

  constructor(scorers: readonly PrefixScorer[]) {
    this.#scorers = scorers;
    this.stateLength = scorers.reduce((length, scorer) => length + scorer.stateLength, 0);
    this.gainBounds = new Float64Array(scorers[0].gainBounds.length);
    this.gainBounds.forEach((_, token, bounds) => {
      for (const {gainBounds} of scorers) bounds[token] += gainBounds[token];
    });
  }

  startInto(out: Int32Array, at: number): void {
    let place = at;
    for (const scorer of this.#scorers) {
      scorer.startInto(out, place);
      place += scorer.stateLength;
    }
  }

  extendInto(states: Int32Array, at: number, token: number, out: Int32Array, outAt: number): void {
    const scorers = this.#scorers;
    const {gain} = this;
    gain[0] = 0;
    let offset = 0;
    for (let index = 0; index < scorers.length; index++) {
      const scorer = scorers[index];
      scorer.extendInto(states, at + offset, token, out, outAt + offset);
      gain[0] += scorer.gain[0];
      if (gain[0] === -Infinity) return;
      offset += scorer.stateLength;
    }
  }

  endInto(states: Int32Array, at: number): void {
    this.gain[0] = 0;
    let place = at;
    for (const scorer of this.#scorers) {
      scorer.endInto(states, place);
      this.gain[0] += scorer.gain[0];
      place += scorer.stateLength;
    }
  }
}
