/** Largest |a[i] − b[i]|; Infinity where the lengths differ or a value is not a number. */
export function maxAbsDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < a.length; index++) {
    const difference = Math.abs((a[index] ?? NaN) - (b[index] ?? NaN));
    if (Number.isNaN(difference)) return Infinity;
    largest = Math.max(largest, difference);
  }
  return largest;
}

/** The largest difference of values ÷ the range of the expected ones. */
export function relativeError(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  const sorted = Float64Array.from(expected).sort();
  return maxAbsDifference(got, expected) / ((sorted.at(-1) ?? NaN) - (sorted[0] ?? NaN));
}
