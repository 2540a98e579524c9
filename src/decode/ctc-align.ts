import type {CtcTokens, TokenSpans} from './ctc-greedy.ts';
import {checkTokenId, checkTokens, countFrames, type Scores} from './log-softmax.ts';

/** The best alignment of given tokens with the frames. */
export interface CtcAlignment extends TokenSpans {
  /** ln of the path's probability: the sum of its log-probabilities. */
  readonly logProb: number;
  /** [tokenCount of the labelling] mean ln p of each token over its frames. */
  readonly tokenLogProbs: Float64Array;
  /**
   * [frameCount] state of each frame, over blank, token 0, blank, token 1, …, blank: odd states are tokens.
   */
  readonly states: Int32Array;
}

/**
 * Aligns known tokens with the frames (Viterbi over the 2n + 1 states of CTC; Graves 2006, with max for the sum).
 * Ties prefer to stay, then one state on, then two; at the end the last blank over the last token.
 * @param logProbs [frameCount × tokenCount], row-major, natural logarithms.
 * @param tokens [n] without blanks. None align with blanks alone.
 * Gives undefined where no alignment has a chance: too few frames (repeats need a blank between), or every path
 * holds a −Infinity or NaN.
 * @throws RangeError on scores of the wrong width and on tokens that are the blank or out of range.
 * Any thread. Allocates frameCount × (2n + 1) bytes and its result, nothing per frame.
 */
export function ctcAlign(
  logProbs: Scores,
  tokens: ArrayLike<number>,
  {tokenCount, blankId}: CtcTokens,
): CtcAlignment | undefined {
  checkTokens(tokenCount, blankId);
  const frameCount = countFrames(logProbs, tokenCount);
  const labels = statesOf(tokens, tokenCount, blankId);
  const states = new Int32Array(frameCount);
  const logProb = findStates(logProbs, labels, {tokenCount, blankId}, states);
  if (logProb === -Infinity) return undefined;
  return {logProb, states, ...spansOf(logProbs, states, Int32Array.from(tokens), tokenCount)};
}

/** Tokens with blanks around each, [2n + 1]. */
function statesOf(tokens: ArrayLike<number>, tokenCount: number, blankId: number): Int32Array {
  const labels = new Int32Array(2 * tokens.length + 1).fill(blankId);
  for (let index = 0; index < tokens.length; index++) {
    checkTokenId(`tokens[${index}]`, tokens[index], tokenCount);
    if (tokens[index] === blankId) {
      throw new RangeError(`tokens[${index}]: got the blank, ${blankId}, expected another token`);
    }
    labels[2 * index + 1] = tokens[index];
  }
  return labels;
}

/** Writes the best state of each frame and gives the path's logarithm, −Infinity where there is none. */
function findStates(logProbs: Scores, labels: Int32Array, ctc: CtcTokens, states: Int32Array): number {
  const stateCount = labels.length;
  const frameCount = states.length;
  if (frameCount === 0) return stateCount === 1 ? 0 : -Infinity;
  const steps = new Uint8Array(frameCount * stateCount); // how many states were passed to get there: 0, 1, 2
  const scores = new Float64Array(stateCount).fill(-Infinity);

  // forwards: from the last state down, so that one row is enough
  for (let state = 0; state < Math.min(2, stateCount); state++)
    scores[state] = orNothing(logProbs[labels[state]]);
  for (let frame = 1; frame < frameCount; frame++) {
    const row = frame * ctc.tokenCount;
    for (let state = stateCount - 1; state >= 0; state--) {
      const label = labels[state];
      let best = scores[state];
      let step = 0;
      if (state >= 1 && scores[state - 1] > best) {
        best = scores[state - 1];
        step = 1;
      }
      const maySkip = state >= 2 && label !== ctc.blankId && label !== labels[state - 2];
      if (maySkip && scores[state - 2] > best) {
        best = scores[state - 2];
        step = 2;
      }
      scores[state] = orNothing(best + logProbs[row + label]);
      steps[frame * stateCount + state] = step;
    }
  }

  // backwards
  let state = stateCount - 1;
  if (stateCount > 1 && scores[state] < scores[state - 1]) state--;
  const logProb = scores[state];
  for (let frame = frameCount - 1; frame >= 0; frame--) {
    states[frame] = state;
    state -= steps[frame * stateCount + state];
  }
  return logProb;
}

/** A NaN is no path. */
function orNothing(score: number): number {
  return score > -Infinity ? score : -Infinity;
}

function spansOf(
  logProbs: Scores,
  states: Int32Array,
  tokens: Int32Array,
  tokenCount: number,
): TokenSpans & Pick<CtcAlignment, 'tokenLogProbs'> {
  const startFrames = new Int32Array(tokens.length);
  const endFrames = new Int32Array(tokens.length);
  const tokenLogProbs = new Float64Array(tokens.length);
  for (let frame = 0; frame < states.length; frame++) {
    if (states[frame] % 2 === 0) continue;
    const index = (states[frame] - 1) / 2;
    if (endFrames[index] === 0) startFrames[index] = frame;
    endFrames[index] = frame + 1;
    tokenLogProbs[index] += logProbs[frame * tokenCount + tokens[index]];
  }
  for (let index = 0; index < tokens.length; index++) {
    tokenLogProbs[index] /= endFrames[index] - startFrames[index];
  }
  return {tokens, startFrames, endFrames, tokenLogProbs};
}
