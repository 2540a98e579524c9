import {applyRealFft, createRealFft} from './fft.ts';
import type {RealFft} from './fft.ts';
import {createWindow} from './window.ts';
import type {WindowKind} from './window.ts';

/** Every choice of a log-magnitude spectrum; none is implied. */
export interface LogSpectrumOptions {
  /** Analysis window and transform, samples: any 2-3-5-smooth length. */
  readonly windowLength: number;
  readonly window: WindowKind;
  /** What a sample of 1 counts as: 1 for samples −1…1, 2¹⁵ for those of 16 bits, 2³¹ for those of 32. Above 0. */
  readonly fullScale: number;
}

/** The plan of a log-magnitude spectrum. It holds its own work space: one call at a time per plan. */
export interface LogSpectrum {
  readonly fft: RealFft;
  /** [windowLength], full scale included. */
  readonly window: Float64Array;
  readonly windowed: Float64Array; // [windowLength]
  readonly re: Float64Array; // [binCount]
  readonly im: Float64Array; // [binCount]
}

/**
 * Plans a log-magnitude spectrum.
 * Any thread. Throws `RangeError` where an option is out of its range (got and expected).
 */
export function createLogSpectrum({windowLength, window, fullScale}: LogSpectrumOptions): LogSpectrum {
  const fft = createRealFft(windowLength);
  if (!(fullScale > 0)) throw new RangeError(`fullScale: got ${fullScale}, expected a positive number`);
  return {
    fft,
    window: createWindow(window, windowLength).map((weight) => weight * fullScale),
    windowed: new Float64Array(windowLength),
    re: new Float64Array(fft.binCount),
    im: new Float64Array(fft.binCount),
  };
}

/**
 * Writes ln(1 + |X[bin]|) of one frame; window product, transform and logarithm in double precision, since a tone's
 * far bins are small beside its near ones.
 * @param frame [windowLength] samples −1…1.
 * @param out [binCount], overwritten; 0 or more.
 * Any thread, one call at a time per plan. Allocates nothing.
 */
export function applyLogSpectrum(plan: LogSpectrum, frame: Float32Array, out: Float32Array): void {
  const {fft, window, windowed, re, im} = plan;
  for (let k = 0; k < window.length; k++) windowed[k] = frame[k] * window[k];
  applyRealFft(fft, windowed, re, im);
  for (let bin = 0; bin < fft.binCount; bin++) {
    out[bin] = Math.log1p(Math.sqrt(re[bin] * re[bin] + im[bin] * im[bin]));
  }
}
