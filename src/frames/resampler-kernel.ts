/**
 * Where the stop-band begins and the passband ends, as fractions of the lower of the two rates. Everything from
 * its Nyquist frequency up is stopped, so that nothing folds back.
 */
export const STOP_BAND_RATIO = 0.5;
/** The passband ends here: 7.2 kHz for 16 kHz output, 3.6 kHz for 8 kHz input. */
export const PASS_BAND_RATIO = 0.45;
/** Attenuation the window is designed for; the tests measure what is reached. */
const STOP_BAND_DB = 86;

/** The taps of a windowed-sinc filter, one row for each fraction of an input sample. */
export interface ResamplerKernel {
  /** Input samples to either side of the centre; even. */
  readonly halfLength: number;
  /** Taps of one row: 2 · halfLength, a multiple of 4. */
  readonly tapCount: number;
  /**
   * [rowCount × tapCount], row-major. Row r belongs to an output that lies r / phaseCount input samples past an
   * input sample; each row sums to 1.
   */
  readonly taps: Float32Array;
  /** Rows per input sample. */
  readonly phaseCount: number;
  /** Whether outputs fall between rows, which are then blended linearly; there is one row more for that. */
  readonly isInterpolated: boolean;
}

/** Above this many taps (1 MiB) the table is bounded and blended instead of exact. */
const MAX_EXACT_TAPS = 1 << 18;

/**
 * Rows of a bounded table per period of the lower rate. Linear blending of a response that is band-limited to half a
 * cycle per such period leaves images near (0.5 / 256)² = −108 dB, below the stop-band.
 */
const BLENDED_ROWS = 256;

/**
 * Designs the filter: a sinc whose cut-off lies midway between passband and stop-band, under a Kaiser window.
 * Length and shape by Kaiser's formulas (Oppenheim & Schafer, Discrete-Time Signal Processing, section 7.5.3):
 * β = 0.1102(A − 8.7), taps = (A − 7.95) / (2.285·Δω) + 1.
 * @param inputRateHz integer.
 * @param outputRateHz integer.
 * @param exactPhaseCount distinct output positions between two input samples.
 */
export function createResamplerKernel(
  inputRateHz: number,
  outputRateHz: number,
  exactPhaseCount: number,
): ResamplerKernel {
  // all frequencies in cycles per input sample
  const bandScale = Math.min(1, outputRateHz / inputRateHz);
  const cutoff = (bandScale * (STOP_BAND_RATIO + PASS_BAND_RATIO)) / 2;
  const transition = bandScale * (STOP_BAND_RATIO - PASS_BAND_RATIO);
  const neededTaps = (STOP_BAND_DB - 7.95) / (2.285 * 2 * Math.PI * transition) + 1;
  const halfLength = 2 * Math.ceil(neededTaps / 4); // even, so that a row is a multiple of four taps
  const tapCount = 2 * halfLength;
  const isInterpolated = exactPhaseCount * tapCount > MAX_EXACT_TAPS;
  const phaseCount = isInterpolated ? Math.ceil(BLENDED_ROWS * bandScale) : exactPhaseCount;
  const rowCount = isInterpolated ? phaseCount + 1 : phaseCount;
  const taps = new Float32Array(rowCount * tapCount);
  const prototype = createPrototype(cutoff, halfLength);
  for (let row = 0; row < rowCount; row++)
    writeRow(taps, row * tapCount, tapCount, row / phaseCount, prototype);
  return {halfLength, tapCount, taps, phaseCount, isInterpolated};
}

/** Gives the continuous impulse response as a function of the distance from its centre, in input samples. */
function createPrototype(cutoff: number, halfLength: number): (distance: number) => number {
  const beta = 0.1102 * (STOP_BAND_DB - 8.7);
  const normaliser = 1 / besselI0(beta);
  return (distance) => {
    const position = distance / halfLength;
    if (Math.abs(position) >= 1) return 0;
    const angle = 2 * Math.PI * cutoff * distance;
    const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
    return 2 * cutoff * sinc * besselI0(beta * Math.sqrt(1 - position * position)) * normaliser;
  };
}

/** Tap t meets the input sample that lies fraction + halfLength − 1 − t before the output's position. */
function writeRow(
  taps: Float32Array,
  first: number,
  tapCount: number,
  fraction: number,
  prototype: (distance: number) => number,
): void {
  const firstDistance = fraction + tapCount / 2 - 1;
  const values = Float64Array.from({length: tapCount}, (_, tap) => prototype(firstDistance - tap));
  const gain = 1 / values.reduce((sum, value) => sum + value, 0);
  for (let tap = 0; tap < tapCount; tap++) taps[first + tap] = values[tap] * gain;
}

/** Modified Bessel function of the first kind, order 0: the series Σ ((x/2)^k / k!)², to double precision. */
function besselI0(x: number): number {
  const quarterSquare = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * Number.EPSILON; k++) {
    term *= quarterSquare / (k * k);
    sum += term;
  }
  return sum;
}
