import {ctcGreedyDecode, type CtcTokens, type TokenSpans} from './ctc-greedy.ts';
import type {ScoredSpans} from './ctc-words.ts';

/**
 * Greedy decoding of an utterance that comes piece by piece, as published figures have it: the best token of each frame,
 * repeats merged, then blanks dropped. In place of a {@link CtcPrefixBeam} where exactly this text is wanted.
 * Any thread. Keeps the log-probabilities of the utterance.
 */
export class CtcGreedySearch {
  readonly #ctc: CtcTokens;
  #pieces: Float32Array[] = [];
  #best: ScoredSpans | undefined; // of all pieces, once it was asked for: each partial asks twice

  constructor(ctc: CtcTokens) {
    this.#ctc = ctc;
  }

  /** Starts a new utterance. */
  reset(): void {
    this.#pieces = [];
    this.#best = undefined;
  }

  /**
   * Takes the next frames.
   * @param logProbs [frameCount × tokenCount], row-major, natural logarithms.
   */
  accept(logProbs: Float32Array): void {
    this.#pieces.push(logProbs.slice());
    this.#best = undefined;
  }

  /** The text so far, the same object until more is accepted. Throws RangeError on scores of the wrong width. */
  best(): ScoredSpans {
    this.#best ??= this.#decode();
    return this.#best;
  }

  /** How many tokens, from the first, can no longer change: all of them. */
  stablePrefixLength(): number {
    return this.best().tokens.length;
  }

  /** The best hypotheses, `count` at most: there is one. */
  nBest(count: number): ScoredSpans[] {
    return count > 0 ? [this.best()] : [];
  }

  #decode(): ScoredSpans {
    const logProbs = concatenate(this.#pieces);
    const spans = ctcGreedyDecode(logProbs, this.#ctc);
    return {...spans, tokenLogProbs: meanLogProbs(logProbs, spans, this.#ctc.tokenCount)};
  }
}

/** [count] mean ln p of each token over the frames of its run. */
function meanLogProbs(
  logProbs: Float32Array,
  {tokens, startFrames, endFrames}: TokenSpans,
  tokenCount: number,
): Float64Array {
  return Float64Array.from(tokens, (token, index) => {
    let sum = 0;
    for (let frame = startFrames[index]; frame < endFrames[index]; frame++) {
      sum += logProbs[frame * tokenCount + token];
    }
    return sum / (endFrames[index] - startFrames[index]);
  });
}

function concatenate(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
