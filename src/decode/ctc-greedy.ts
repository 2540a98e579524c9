import {checkTokens, countFrames, type Scores} from './log-softmax.ts';

/** Tokens and where each is: frames [start, end) of its run in one alignment. All [count]. */
export interface TokenSpans {
  readonly tokens: Int32Array;
  readonly startFrames: Int32Array;
  readonly endFrames: Int32Array;
}

/** What a row of scores means. */
export interface CtcTokens {
  readonly tokenCount: number;
  /** Which token is CTC's blank: any index. */
  readonly blankId: number;
}

/** Makes room for that many tokens. Any thread. */
export function createTokenSpans(capacity: number): TokenSpans {
  return {
    tokens: new Int32Array(capacity),
    startFrames: new Int32Array(capacity),
    endFrames: new Int32Array(capacity),
  };
}

/**
 * Reads the best path: the largest token of each frame, repeats merged, then blanks dropped.
 * The first of equal maxima wins. NaN is never the largest; a frame with no number above −Infinity is a blank.
 * @param logits [frameCount × tokenCount], row-major; log-probabilities or posteriors give the same.
 * @throws RangeError on scores of the wrong width and on a blank outside the tokens. No frames give no tokens.
 * Any thread. Allocates its result; {@link ctcGreedyInto} allocates nothing.
 */
export function ctcGreedyDecode(logits: Scores, ctc: CtcTokens): TokenSpans {
  checkTokens(ctc.tokenCount, ctc.blankId);
  const room = createTokenSpans(countFrames(logits, ctc.tokenCount));
  const count = ctcGreedyInto(logits, ctc, room);
  return {
    tokens: room.tokens.slice(0, count),
    startFrames: room.startFrames.slice(0, count),
    endFrames: room.endFrames.slice(0, count),
  };
}

/**
 * As {@link ctcGreedyDecode}, unchecked, into the caller's arrays.
 * @param out at least one place per frame; overwritten from the start.
 * Gives the number of tokens. Any thread. Allocates nothing.
 */
export function ctcGreedyInto(logits: Scores, ctc: CtcTokens, out: TokenSpans): number {
  const {tokenCount, blankId} = ctc;
  const {tokens, startFrames, endFrames} = out;
  const frameCount = Math.floor(logits.length / tokenCount);
  let count = 0;
  let previous = blankId;
  for (let frame = 0; frame < frameCount; frame++) {
    const row = frame * tokenCount;
    let best = blankId;
    let largest = -Infinity;
    for (let token = 0; token < tokenCount; token++) {
      const value = logits[row + token];
      if (value > largest) {
        largest = value;
        best = token;
      }
    }
    if (best !== previous && best !== blankId) {
      tokens[count] = best;
      startFrames[count] = frame;
      count++;
    }
    if (best !== blankId) endFrames[count - 1] = frame + 1;
    previous = best;
  }
  return count;
}
