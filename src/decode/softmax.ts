/**
 * Writes the softmax of one row: e^((x − max) / T) / Σ e^((x − max) / T), so that no exponential overflows.
 * @param logits [classCount].
 * @param temperature T, above 0: 1 is the plain softmax, above 1 is less sure, below 1 surer.
 * @param out [classCount], overwritten; sums to 1. May alias `logits`.
 * Any thread. Sums in doubles. Allocates nothing.
 */
export function softmaxInto(logits: Float32Array, temperature: number, out: Float32Array): void {
  const classCount = logits.length;
  let largest = -Infinity;
  for (let index = 0; index < classCount; index++) {
    if (logits[index] > largest) largest = logits[index];
  }
  let sum = 0;
  for (let index = 0; index < classCount; index++) {
    const value = Math.exp((logits[index] - largest) / temperature);
    out[index] = value;
    sum += value;
  }
  const scale = 1 / sum;
  for (let index = 0; index < classCount; index++) out[index] *= scale;
}
