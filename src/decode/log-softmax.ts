/** Logits or log-probabilities: engines give single precision, a reference may give double. */
export type Scores = Float32Array | Float64Array;

/**
 * Writes the log-softmax of each row: x − max − ln Σ e^(x − max), so that no exponential overflows.
 * @param logits [frameCount × tokenCount], row-major.
 * @param out same shape, overwritten; natural logarithms, ≤ 0 but for rounding. May alias `logits`.
 * Any thread. Sums in doubles. Allocates nothing. A NaN makes its whole row NaN.
 */
export function logSoftmaxInto(logits: Scores, tokenCount: number, out: Scores): void {
  const length = logits.length;
  for (let row = 0; row + tokenCount <= length; row += tokenCount) {
    const end = row + tokenCount;
    let largest = -Infinity;
    for (let index = row; index < end; index++) if (logits[index] > largest) largest = logits[index];
    let sum = 0;
    for (let index = row; index < end; index++) sum += Math.exp(logits[index] - largest);
    const logSum = largest + Math.log(sum);
    for (let index = row; index < end; index++) out[index] = logits[index] - logSum;
  }
}

/** Gives ln(eᵃ + eᵇ) without overflow; −Infinity is the logarithm of nothing. Any thread. Allocates nothing. */
export function logAdd(a: number, b: number): number {
  if (a === -Infinity) return b;
  if (b === -Infinity) return a;
  return a >= b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/**
 * Gives how many frames the scores hold, once their width is known to be right.
 * @throws RangeError where the length is no multiple of `tokenCount`.
 */
export function countFrames(scores: Scores, tokenCount: number): number {
  const frameCount = scores.length / tokenCount;
  if (Number.isInteger(frameCount)) return frameCount;
  throw new RangeError(`scores: got ${scores.length}, expected a multiple of ${tokenCount} tokens`);
}

/**
 * Checks what a row of scores means.
 * @throws RangeError where there are fewer than two tokens or the blank is none of them.
 */
export function checkTokens(tokenCount: number, blankId: number): void {
  if (!Number.isInteger(tokenCount) || tokenCount < 2) {
    throw new RangeError(`tokenCount: got ${tokenCount}, expected an integer of 2 or more`);
  }
  checkTokenId('blankId', blankId, tokenCount);
}

/**
 * Checks a token index.
 * @throws RangeError where the value is none.
 */
export function checkTokenId(name: string, got: number, tokenCount: number): void {
  if (Number.isInteger(got) && got >= 0 && got < tokenCount) return;
  throw new RangeError(`${name}: got ${got}, expected an integer in 0…${tokenCount - 1}`);
}

/**
 * Checks a count.
 * @throws RangeError where it is no positive integer.
 */
export function checkCount(name: string, got: number): void {
  if (Number.isInteger(got) && got >= 1) return;
  throw new RangeError(`${name}: got ${got}, expected a positive integer`);
}
