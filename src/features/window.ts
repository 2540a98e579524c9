/** The analysis windows there are: the shape, then how its period fits the length. */
export type WindowKind = 'hann-periodic' | 'hann-symmetric' | 'hamming-periodic' | 'hamming-symmetric';

/**
 * Gives an analysis window, [length], values 0…1.
 *
 * w[k] = a − (1 − a)·cos(2πk / period), a = 0.5 (Hann) or 0.54 (Hamming). `periodic` has period = length, as
 * scipy's `sym=False`, TensorFlow's and librosa's default; `symmetric` has period = length − 1 (scipy's
 * `sym=True`), so that the first and the last value are equal. A symmetric window of one sample is [1].
 *
 * Any thread. Throws `RangeError` on a kind it does not know and on a length that is not a positive integer.
 */
export function createWindow(kind: WindowKind, length: number): Float64Array {
  if (!Number.isInteger(length) || length < 1) {
    throw new RangeError(`window length: got ${length}, expected a positive integer`);
  }
  const a = constantTerm(kind);
  const period = kind.endsWith('-symmetric') ? length - 1 : length;
  if (period === 0) return new Float64Array([1]);
  return Float64Array.from({length}, (_, k) => a - (1 - a) * Math.cos((2 * Math.PI * k) / period));
}

function constantTerm(kind: WindowKind): number {
  switch (kind) {
    case 'hann-periodic':
    case 'hann-symmetric':
      return 0.5;
    case 'hamming-periodic':
    case 'hamming-symmetric':
      return 0.54;
    default:
      throw new RangeError(
        `window kind: got "${String(kind)}", expected hann or hamming, -periodic or -symmetric`,
      );
  }
}
