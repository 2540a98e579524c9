/** The plan of a derivative over time: what each row is multiplied with before the rows are added up. */
export interface Delta {
  /** Values of a row. */
  readonly columnCount: number;
  /** [2 · halfWidth + 1], for the rows from halfWidth before to halfWidth after. */
  readonly taps: Float64Array;
}

/** `slope`: of the straight line through the rows; `curvature`: second derivative of the parabola through them. */
export type DeltaKind = 'slope' | 'curvature';

/**
 * Plans the derivative of a polynomial fitted to 2n + 1 neighbouring rows (Savitzky and Golay 1964), per row of time.
 * With S2 = Σ k² and S4 = Σ k⁴ over k = −n…n: slope k / S2, curvature 2·((2n + 1)·k² − S2) / ((2n + 1)·S4 − S2²).
 * librosa's `feature.delta` of order 1 and 2 at a width of 2n + 1. The curvature is not the slope of the slope.
 * Any thread. Throws `RangeError` where a count is not a positive integer.
 */
export function createDelta(kind: DeltaKind, halfWidth: number, columnCount: number): Delta {
  if (!Number.isInteger(halfWidth) || halfWidth < 1) {
    throw new RangeError(`halfWidth: got ${halfWidth}, expected a positive integer`);
  }
  if (!Number.isInteger(columnCount) || columnCount < 1) {
    throw new RangeError(`columnCount: got ${columnCount}, expected a positive integer`);
  }
  const width = 2 * halfWidth + 1;
  const steps = Array.from({length: width}, (_, index) => index - halfWidth);
  const sum2 = steps.reduce((sum, k) => sum + k ** 2, 0);
  const sum4 = steps.reduce((sum, k) => sum + k ** 4, 0);
  const curvature = (k: number): number => (2 * (width * k ** 2 - sum2)) / (width * sum4 - sum2 ** 2);
  const tap = kind === 'slope' ? (k: number): number => k / sum2 : curvature;
  return {columnCount, taps: Float64Array.from(steps, tap)};
}

/**
 * Writes the derivative at the middle one of 2 · halfWidth + 1 rows: their correlation with the taps.
 * @param rows [≥ offset + taps × columnCount], row-major, read from `offset` on.
 * @param out [≥ outOffset + columnCount], written from `outOffset` on. Must not alias `rows`.
 * Any thread. Sums in doubles. Allocates nothing.
 */
export function applyDelta(
  delta: Delta,
  rows: Float32Array,
  offset: number,
  out: Float32Array,
  outOffset: number,
): void {
  const {columnCount, taps} = delta;
  for (let column = 0; column < columnCount; column++) {
    let sum = 0;
    for (let tap = 0; tap < taps.length; tap++) sum += taps[tap] * rows[offset + tap * columnCount + column];
    out[outOffset + column] = sum;
  }
}
