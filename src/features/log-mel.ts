import {applyRealFft, createRealFft} from './fft.ts';
import type {RealFft} from './fft.ts';
import {applyMelFilterbank, countUsedBins, createMelFilterbank} from './mel-filterbank.ts';
import type {MelFilterbank} from './mel-filterbank.ts';
import {createWindow} from './window.ts';
import type {WindowKind} from './window.ts';

/** Every choice of a log-mel front end; none is implied. */
export interface LogMelOptions {
  readonly sampleRateHz: number;
  /** Analysis window, samples. */
  readonly windowLength: number;
  /** Step between windows, samples. */
  readonly hopLength: number;
  /** Transform size; the window is zero-padded up to it. Any 2-3-5-smooth length ≥ windowLength. */
  readonly fftLength: number;
  readonly window: WindowKind;
  /** What the mel filters sum. */
  readonly spectrum: 'magnitude' | 'power';
  readonly melCount: number;
  readonly melScale: 'htk' | 'slaney';
  readonly melMinHz: number;
  readonly melMaxHz: number;
  /** `peak`: triangles of height 1, linear in mel; `area`: 2/(right − left), linear in hertz (Slaney). */
  readonly melNorm: 'peak' | 'area';
  /** ln(max(energy, logFloor)). */
  readonly logFloor: number;
}

/** The plan of a log-mel front end. It holds its own work space: one call at a time per plan. */
export interface LogMel {
  readonly options: LogMelOptions;
  /** [windowLength] */
  readonly window: Float64Array;
  readonly fft: RealFft;
  readonly bank: MelFilterbank;
  /** Bins that the bank reads, counted from 0: only these are turned into magnitude or power. */
  readonly usedBinCount: number;
  /** [fftLength] windowed samples; what lies past the window stays zero. */
  readonly windowed: Float64Array;
  readonly re: Float64Array; // [binCount]
  readonly im: Float64Array; // [binCount]
  readonly spectrum: Float32Array; // [binCount] magnitude or power, as the options say
}

/**
 * Plans a log-mel front end.
 * Any thread. Throws `RangeError` where an option is out of its range (got and expected).
 */
export function createLogMel(options: LogMelOptions): LogMel {
  const {windowLength, hopLength, fftLength, logFloor} = options;
  const fft = createRealFft(fftLength);
  if (!Number.isInteger(hopLength) || hopLength < 1) {
    throw new RangeError(`hopLength: got ${hopLength}, expected a positive integer`);
  }
  if (!(windowLength <= fftLength)) {
    throw new RangeError(`windowLength: got ${windowLength}, expected at most fftLength ${fftLength}`);
  }
  if (!(logFloor > 0)) throw new RangeError(`logFloor: got ${logFloor}, expected a positive number`);
  if (options.spectrum !== 'magnitude' && options.spectrum !== 'power') {
    throw new RangeError(`spectrum: got "${String(options.spectrum)}", expected "magnitude" or "power"`);
  }
  const bank = createMelFilterbank(options);
  return {
    options,
    window: createWindow(options.window, windowLength),
    fft,
    bank,
    usedBinCount: countUsedBins(bank),
    windowed: new Float64Array(fftLength),
    re: new Float64Array(fft.binCount),
    im: new Float64Array(fft.binCount),
    spectrum: new Float32Array(fft.binCount),
  };
}

/**
 * Writes the log-mel energies of one frame: window product and transform in double precision, spectrum, mel sums,
 * natural logarithm above the floor.
 * @param frame [windowLength] samples −1…1.
 * @param out [melCount], overwritten.
 * Any thread, one call at a time per plan. Allocates nothing.
 */
export function applyLogMel(plan: LogMel, frame: Float32Array, out: Float32Array): void {
  const {window, windowed} = plan;
  for (let k = 0; k < window.length; k++) windowed[k] = frame[k] * window[k];
  applyRealFft(plan.fft, windowed, plan.re, plan.im);
  writeSpectrum(plan);
  applyMelFilterbank(plan.bank, plan.spectrum, out);
  const {melCount, logFloor} = plan.options;
  for (let mel = 0; mel < melCount; mel++) out[mel] = Math.log(Math.max(out[mel], logFloor));
}

function writeSpectrum(plan: LogMel): void {
  const {re, im, spectrum, usedBinCount} = plan;
  if (plan.options.spectrum === 'magnitude') {
    for (let bin = 0; bin < usedBinCount; bin++) {
      spectrum[bin] = Math.sqrt(re[bin] * re[bin] + im[bin] * im[bin]);
    }
  } else {
    for (let bin = 0; bin < usedBinCount; bin++) spectrum[bin] = re[bin] * re[bin] + im[bin] * im[bin];
  }
}
