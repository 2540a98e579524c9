/** How far values are from those expected: the root of the mean square of the difference, by that of the values. */
export function relativeError(got: Float32Array, expected: Float32Array): number {
  const differences = got.map((value, index) => value - (expected[index] ?? NaN));
  return Math.sqrt(sumOfSquares(differences) / sumOfSquares(expected));
}

function sumOfSquares(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
