import {applyFftStage, createFftStage} from './fft-stage.ts';
import type {FftStage} from './fft-stage.ts';

/** The plan of a real Fourier transform. It holds its own work space: one call at a time per plan. */
export interface RealFft {
  /** Samples per transform. */
  readonly length: number;
  /** floor(length / 2) + 1. */
  readonly binCount: number;
  /** Passes of the complex transform inside: of length / 2 where length is even, of length where it is odd. */
  readonly stages: readonly FftStage[];
  /** [length / 4 + 1] pairs: e^(−2πi·bin/length), which parts the halves of an even transform. */
  readonly twiddles: Float64Array;
  /** Two of [complex length] pairs of real and imaginary part. */
  readonly work: readonly [Float64Array, Float64Array];
}

const RADICES = [4, 2, 3, 5] as const;

/**
 * Plans a real transform of any length 2^a·3^b·5^c, odd lengths included.
 * Any thread. Throws `RangeError` on any other length.
 */
export function createRealFft(length: number): RealFft {
  const complexLength = length % 2 === 0 ? length / 2 : length;
  const stages: FftStage[] = [];
  let stride = 1;
  for (const radix of factorise(complexLength, length)) {
    stages.push(createFftStage(radix, complexLength / stride / radix, stride));
    stride *= radix;
  }
  const twiddles = new Float64Array(2 * (Math.floor(length / 4) + 1));
  for (let bin = 0; bin < twiddles.length / 2; bin++) {
    twiddles[2 * bin] = Math.cos((2 * Math.PI * bin) / length);
    twiddles[2 * bin + 1] = -Math.sin((2 * Math.PI * bin) / length);
  }
  return {
    length,
    binCount: Math.floor(length / 2) + 1,
    stages,
    twiddles,
    work: [new Float64Array(2 * complexLength), new Float64Array(2 * complexLength)],
  };
}

/**
 * Writes the transform X[bin] = Σ_k x[k]·e^(−2πi·bin·k/length), unscaled.
 * @param input [length], left as it is.
 * @param re [binCount], overwritten. Must not alias `input` or `im`.
 * @param im [binCount], overwritten. Must not alias `input`.
 * Any thread, one call at a time per plan. Double precision throughout. Allocates nothing.
 */
export function applyRealFft(fft: RealFft, input: Float64Array, re: Float64Array, im: Float64Array): void {
  // of even length, the samples as they lie are pairs: z[k] = x[2k] + i·x[2k + 1]
  if (fft.length % 2 === 0) return partHalves(fft, transform(fft, input), re, im);
  const pairs = fft.work[1];
  for (let k = 0; k < fft.length; k++) {
    pairs[2 * k] = input[k];
    pairs[2 * k + 1] = 0;
  }
  const z = transform(fft, pairs);
  for (let bin = 0; bin < fft.binCount; bin++) {
    re[bin] = z[2 * bin];
    im[bin] = z[2 * bin + 1];
  }
}

/** Runs all passes from `pairs`, the first into work[0]; gives the array that holds the result. */
function transform(fft: RealFft, pairs: Float64Array): Float64Array {
  const {stages, work} = fft;
  let source = pairs;
  for (let stage = 0; stage < stages.length; stage++) {
    const target = work[stage % 2];
    applyFftStage(stages[stage], source, target);
    source = target;
  }
  return source;
}

/**
 * With Z the half-length transform of x[2k] + i·x[2k+1] and H = length / 2: the even samples' transform is
 * E = (Z[k] + Z*[H−k]) / 2, the odd ones' O = (Z[k] − Z*[H−k]) / 2i, and X[k] = E + e^(−2πi·k/length)·O,
 * X[H−k] = (E − e^(−2πi·k/length)·O)*.
 */
function partHalves(fft: RealFft, z: Float64Array, re: Float64Array, im: Float64Array): void {
  const {twiddles} = fft;
  const half = fft.length / 2;
  re[0] = z[0] + z[1];
  im[0] = 0;
  re[half] = z[0] - z[1];
  im[half] = 0;
  for (let bin = 1, mirror = half - 1; bin <= mirror; bin++, mirror--) {
    const zRe = 0.5 * z[2 * bin];
    const zIm = 0.5 * z[2 * bin + 1];
    const mirrorRe = 0.5 * z[2 * mirror];
    const mirrorIm = 0.5 * z[2 * mirror + 1];
    const evenRe = zRe + mirrorRe;
    const evenIm = zIm - mirrorIm;
    const oddRe = zIm + mirrorIm;
    const oddIm = mirrorRe - zRe;
    const wRe = twiddles[2 * bin];
    const wIm = twiddles[2 * bin + 1];
    const turnRe = oddRe * wRe - oddIm * wIm;
    const turnIm = oddRe * wIm + oddIm * wRe;
    re[bin] = evenRe + turnRe;
    im[bin] = evenIm + turnIm;
    re[mirror] = evenRe - turnRe;
    im[mirror] = turnIm - evenIm;
  }
}

function factorise(complexLength: number, length: number): readonly FftStage['radix'][] {
  const radices: FftStage['radix'][] = [];
  let rest = Number.isInteger(complexLength) && complexLength > 0 ? complexLength : NaN;
  for (const radix of RADICES) {
    while (rest % radix === 0) {
      radices.push(radix);
      rest /= radix;
    }
  }
  if (rest === 1) return radices;
  throw new RangeError(`transform length: got ${length}, expected a positive product of 2, 3 and 5`);
}
