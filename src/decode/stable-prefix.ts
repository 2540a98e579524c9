import type {ScoredSpans} from './ctc-words.ts';
import type {EmissionLog} from './emission-log.ts';

const FIRST_CAPACITY = 256;

/**
 * The tokens that all hypotheses agree on, with their times: taken out of the search, so that it stays as small as
 * what is still open. 20 bytes a token, about a megabyte for an hour of speech.
 *
 * One thread. Allocates in the constructor and where it doubles its arrays.
 */
export class StablePrefix {
  count = 0;
  tokens = new Int32Array(FIRST_CAPACITY);
  startFrames = new Int32Array(FIRST_CAPACITY);
  endFrames = new Int32Array(FIRST_CAPACITY);
  tokenLogProbs = new Float64Array(FIRST_CAPACITY);

  reset(): void {
    this.count = 0;
  }

  /** Adds a token; its times are for `setTimes` to say. */
  push(token: number): void {
    if (this.count === this.tokens.length) this.#grow();
    this.tokens[this.count++] = token;
  }

  /** Takes the times of its newest tokens from an alignment whose entries reach to the last of them or beyond. */
  setTimes(log: EmissionLog, newestEntry: number, tokenCount: number): void {
    let entry = newestEntry;
    while (log.index[entry] >= this.count) entry = log.previous[entry];
    for (let index = this.count - 1; index >= this.count - tokenCount; index--) {
      this.startFrames[index] = log.startFrame[entry];
      this.endFrames[index] = log.endFrame[entry];
      this.tokenLogProbs[index] = log.logProb[entry];
      entry = log.previous[entry];
    }
  }

  /** Writes its tokens from index `from` on to the beginning of `out`. */
  copyInto(out: ScoredSpans, from: number): void {
    for (let index = from; index < this.count; index++) {
      out.tokens[index - from] = this.tokens[index];
      out.startFrames[index - from] = this.startFrames[index];
      out.endFrames[index - from] = this.endFrames[index];
      out.tokenLogProbs[index - from] = this.tokenLogProbs[index];
    }
  }

  #grow(): void {
    const {tokens, startFrames, endFrames, tokenLogProbs} = this;
    const capacity = 2 * tokens.length;
    this.tokens = new Int32Array(capacity);
    this.startFrames = new Int32Array(capacity);
    this.endFrames = new Int32Array(capacity);
    this.tokenLogProbs = new Float64Array(capacity);
    this.tokens.set(tokens);
    this.startFrames.set(startFrames);
    this.endFrames.set(endFrames);
    this.tokenLogProbs.set(tokenLogProbs);
  }
}
