/** The plan of a discrete cosine transform of type II, cut to its first rows. */
export interface Dct {
  readonly inputLength: number;
  readonly coefficientCount: number;
  /** [coefficientCount × inputLength], row-major. */
  readonly matrix: Float64Array;
}

/** How a DCT is scaled: `htk` √(2/n) on every row; `orthonormal` row 0 divided by √2 as well. */
export type DctScale = 'htk' | 'orthonormal';

/**
 * Plans C[row] = s(row) · Σ_k x[k]·cos(π·row·(k + ½) / inputLength), s as `scale` says. TensorFlow's `mfcc` op
 * and HTK use `htk`, scipy's `norm='ortho'` and librosa `orthonormal`.
 * Any thread. Throws `RangeError` unless 1 ≤ coefficientCount ≤ inputLength and the scale is known.
 */
export function createDct(inputLength: number, coefficientCount: number, scale: DctScale): Dct {
  if (!Number.isInteger(coefficientCount) || coefficientCount < 1 || !(coefficientCount <= inputLength)) {
    throw new RangeError(
      `coefficientCount: got ${coefficientCount}, expected an integer in 1…${inputLength}`,
    );
  }
  if (scale !== 'htk' && scale !== 'orthonormal') {
    throw new RangeError(`DCT scale: got "${String(scale)}", expected "htk" or "orthonormal"`);
  }
  const matrix = new Float64Array(coefficientCount * inputLength);
  for (let row = 0; row < coefficientCount; row++) {
    const factor = Math.sqrt((scale === 'orthonormal' && row === 0 ? 1 : 2) / inputLength);
    for (let k = 0; k < inputLength; k++) {
      matrix[row * inputLength + k] = factor * Math.cos((Math.PI * row * (k + 0.5)) / inputLength);
    }
  }
  return {inputLength, coefficientCount, matrix};
}

/**
 * Writes the first coefficients of one input row.
 * @param input [inputLength].
 * @param out [≥ outOffset + coefficientCount]; written from `outOffset` on. Must not alias `input`.
 * Any thread. Sums in doubles. Allocates nothing.
 */
export function applyDct(dct: Dct, input: Float32Array, out: Float32Array, outOffset: number): void {
  const {inputLength, coefficientCount, matrix} = dct;
  for (let row = 0; row < coefficientCount; row++) {
    const firstWeight = row * inputLength;
    let sum = 0;
    for (let k = 0; k < inputLength; k++) sum += matrix[firstWeight + k] * input[k];
    out[outOffset + row] = sum;
  }
}
