import {applyDct, createDct} from './dct.ts';
import type {Dct} from './dct.ts';
import {applyRealFft, createRealFft} from './fft.ts';
import type {RealFft} from './fft.ts';
import {applyMelFilterbank, countUsedBins, createMelFilterbank} from './mel-filterbank.ts';
import type {MelFilterbank} from './mel-filterbank.ts';
import {createWindow} from './window.ts';
import type {WindowKind} from './window.ts';

/** Every choice of an MFCC front end; none is implied. */
export interface MfccOptions {
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
  /** `htk`: √(2/melCount) on every row; `orthonormal`: row 0 divided by √2 as well. */
  readonly dct: 'htk' | 'orthonormal';
  readonly coefficientCount: number;
}

/** The plan of an MFCC front end. It holds its own work space: one call at a time per plan. */
export interface Mfcc {
  readonly options: MfccOptions;
  /** [windowLength] */
  readonly window: Float64Array;
  readonly fft: RealFft;
  readonly bank: MelFilterbank;
  readonly dct: Dct;
  /** Bins that the bank reads, counted from 0: only these are turned into magnitude or power. */
  readonly usedBinCount: number;
  /** [fftLength] windowed samples; what lies past the window stays zero. */
  readonly windowed: Float64Array;
  readonly re: Float64Array; // [binCount]
  readonly im: Float64Array; // [binCount]
  readonly spectrum: Float32Array; // [binCount] magnitude or power, as the options say
  readonly logMel: Float32Array; // [melCount]
}

/**
 * Plans an MFCC front end.
 * Any thread. Throws `RangeError` where an option is out of its range (got and expected).
 */
export function createMfcc(options: MfccOptions): Mfcc {
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
    dct: createDct(options.melCount, options.coefficientCount, options.dct),
    usedBinCount: countUsedBins(bank),
    windowed: new Float64Array(fftLength),
    re: new Float64Array(fft.binCount),
    im: new Float64Array(fft.binCount),
    spectrum: new Float32Array(fft.binCount),
    logMel: new Float32Array(options.melCount),
  };
}

/**
 * Writes the cepstra of one frame: window product and transform in double precision, spectrum, mel sums, natural
 * logarithm above the floor, DCT.
 * @param frame [windowLength] samples −1…1.
 * @param out [≥ outOffset + coefficientCount]; written from `outOffset` on.
 * Any thread, one call at a time per plan. Allocates nothing.
 */
export function applyMfcc(mfcc: Mfcc, frame: Float32Array, out: Float32Array, outOffset: number): void {
  const {window, windowed, logMel} = mfcc;
  for (let k = 0; k < window.length; k++) windowed[k] = frame[k] * window[k];
  applyRealFft(mfcc.fft, windowed, mfcc.re, mfcc.im);
  writeSpectrum(mfcc);
  applyMelFilterbank(mfcc.bank, mfcc.spectrum, logMel);
  const {melCount, logFloor} = mfcc.options;
  for (let mel = 0; mel < melCount; mel++) logMel[mel] = Math.log(Math.max(logMel[mel], logFloor));
  applyDct(mfcc.dct, logMel, out, outOffset);
}

function writeSpectrum(mfcc: Mfcc): void {
  const {re, im, spectrum, usedBinCount} = mfcc;
  if (mfcc.options.spectrum === 'magnitude') {
    for (let bin = 0; bin < usedBinCount; bin++) {
      spectrum[bin] = Math.sqrt(re[bin] * re[bin] + im[bin] * im[bin]);
    }
  } else {
    for (let bin = 0; bin < usedBinCount; bin++) spectrum[bin] = re[bin] * re[bin] + im[bin] * im[bin];
  }
}
