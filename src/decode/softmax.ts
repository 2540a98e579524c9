/**
 * Writes the softmax of one row: e^(x − max) / Σ e^(x − max), so that no exponential overflows.
 * @param logits [classCount].
 * @param out [classCount], overwritten; sums to 1. May alias `logits`.
 * Any thread. Sums in doubles. Allocates nothing.
 */
export function softmaxInto(logits: Float32Array, out: Float32Array): void {
  const classCount = logits.length;
  let largest = -Infinity;
  for (let index = 0; index < classCount; index++) {
    if (logits[index] > largest) largest = logits[index];
  }
  let sum = 0;
  for (let index = 0; index < classCount; index++) {
    const value = Math.exp(logits[index] - largest);
    out[index] = value;
    sum += value;
  }
  const scale = 1 / sum;
  for (let index = 0; index < classCount; index++) out[index] *= scale;
}
