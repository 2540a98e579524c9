import {applyFftStage} from './fft-stage.ts';
import type {FftStage} from './fft-stage.ts';

/** The plan of a real Fourier transform. It holds its own work space: one call at a time per plan. */
export interface RealFft {
  /** Samples per transform. */
  readonly length: number;
  /** floor(length / 2) + 1. */
  readonly binCount: number;
  /** Passes of the complex transform inside: of length / 2 where length is even, of length where it is odd. */
  readonly stages: readonly FftStage[];
  /** [length / 2] e^(−2πi·bin/length), which parts the two interleaved halves of an even transform. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly work: readonly [Float64Array, Float64Array, Float64Array, Float64Array];
}

const RADICES = [4, 2, 3, 5] as const;

/**
 * Plans a real transform of any length 2^a·3^b·5^c, odd lengths included.
 * Any thread. Throws `RangeError` on any other length.
 */
export function createRealFft(length: number): RealFft {
  const isEven = length % 2 === 0;
  const stages = createStages(isEven ? length / 2 : length, length);
  const complexLength = isEven ? length / 2 : length;
  const twiddleCount = isEven ? complexLength : 0;
  return {
    length,
    binCount: Math.floor(length / 2) + 1,
    stages,
    cos: Float64Array.from({length: twiddleCount}, (_, bin) => Math.cos((2 * Math.PI * bin) / length)),
    sin: Float64Array.from({length: twiddleCount}, (_, bin) => -Math.sin((2 * Math.PI * bin) / length)),
    work: [
      new Float64Array(complexLength),
      new Float64Array(complexLength),
      new Float64Array(complexLength),
      new Float64Array(complexLength),
    ],
  };
}

/**
 * Writes the transform X[bin] = Σ_k x[k]·e^(−2πi·bin·k/length), unscaled.
 * @param input [length], left as it is.
 * @param re [binCount], overwritten. Must not alias `input` or `im`.
 * @param im [binCount], overwritten.
 * Any thread, one call at a time per plan. Double precision throughout. Allocates nothing.
 */
export function applyRealFft(fft: RealFft, input: Float64Array, re: Float64Array, im: Float64Array): void {
  const {length, stages, work} = fft;
  const isEven = length % 2 === 0;
  let xRe = work[0];
  let xIm = work[1];
  let yRe = work[2];
  let yIm = work[3];
  if (isEven) deinterleave(input, xRe, xIm);
  else {
    xRe.set(input);
    xIm.fill(0);
  }
  for (let stage = 0; stage < stages.length; stage++) {
    applyFftStage(stages[stage], xRe, xIm, yRe, yIm);
    const swapRe = xRe;
    const swapIm = xIm;
    xRe = yRe;
    xIm = yIm;
    yRe = swapRe;
    yIm = swapIm;
  }
  if (isEven) return partHalves(fft, xRe, xIm, re, im);
  for (let bin = 0; bin < fft.binCount; bin++) {
    re[bin] = xRe[bin];
    im[bin] = xIm[bin];
  }
}

/** Even samples become the real part, odd ones the imaginary part of a transform of half the length. */
function deinterleave(input: Float64Array, re: Float64Array, im: Float64Array): void {
  const half = re.length;
  for (let k = 0; k < half; k++) {
    re[k] = input[2 * k];
    im[k] = input[2 * k + 1];
  }
}

/**
 * With Z the half-length transform of x[2k] + i·x[2k+1] and H = length / 2: the even samples' transform is
 * E = (Z[k] + Z*[H−k]) / 2, the odd ones' O = (Z[k] − Z*[H−k]) / 2i, and X[k] = E + e^(−2πi·k/length)·O,
 * X[H−k] = (E − e^(−2πi·k/length)·O)*.
 */
function partHalves(
  fft: RealFft,
  zRe: Float64Array,
  zIm: Float64Array,
  re: Float64Array,
  im: Float64Array,
): void {
  const {cos, sin} = fft;
  const half = zRe.length;
  re[0] = zRe[0] + zIm[0];
  im[0] = 0;
  re[half] = zRe[0] - zIm[0];
  im[half] = 0;
  for (let bin = 1, mirror = half - 1; bin <= mirror; bin++, mirror--) {
    const evenRe = 0.5 * (zRe[bin] + zRe[mirror]);
    const evenIm = 0.5 * (zIm[bin] - zIm[mirror]);
    const oddRe = 0.5 * (zIm[bin] + zIm[mirror]);
    const oddIm = 0.5 * (zRe[mirror] - zRe[bin]);
    const turnRe = oddRe * cos[bin] - oddIm * sin[bin];
    const turnIm = oddRe * sin[bin] + oddIm * cos[bin];
    re[bin] = evenRe + turnRe;
    im[bin] = evenIm + turnIm;
    re[mirror] = evenRe - turnRe;
    im[mirror] = turnIm - evenIm;
  }
}

function createStages(complexLength: number, length: number): readonly FftStage[] {
  const stages: FftStage[] = [];
  let stride = 1;
  for (const radix of factorise(complexLength, length)) {
    const blockCount = complexLength / stride / radix;
    stages.push(createStage(radix, blockCount, stride));
    stride *= radix;
  }
  return stages;
}

function createStage(radix: FftStage['radix'], blockCount: number, stride: number): FftStage {
  const legCount = radix - 1;
  const cos = new Float64Array(blockCount * legCount);
  const sin = new Float64Array(blockCount * legCount);
  for (let block = 0; block < blockCount; block++) {
    for (let leg = 1; leg <= legCount; leg++) {
      const angle = (-2 * Math.PI * block * leg) / (radix * blockCount);
      cos[block * legCount + leg - 1] = Math.cos(angle);
      sin[block * legCount + leg - 1] = Math.sin(angle);
    }
  }
  return {radix, blockCount, stride, cos, sin};
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
