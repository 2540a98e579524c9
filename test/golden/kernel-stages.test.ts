import {describe, expect, it} from 'vitest';
import {applyRealFft, createRealFft} from '../../src/features/fft.ts';
import {applyLogMel, createLogMel, type LogMelOptions} from '../../src/features/log-mel.ts';
import {applyMelFilterbank, createMelFilterbank} from '../../src/features/mel-filterbank.ts';
import {createWindow} from '../../src/features/window.ts';
import type {WindowKind} from '../../src/features/window.ts';
import {wav2letterMfccOptions} from '../../src/systems/wav2letter/front-end.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {hasClip, loadClip, loadGolden} from '../support/goldens.ts';
import {computeMfcc, KWS_MFCC} from '../support/kws-front-end.ts';

/** Mirrors `length` samples at either end without repeating the end sample. */
function mirrorPad(samples: Float32Array, length: number): Float32Array {
  const padded = new Float32Array(samples.length + 2 * length);
  padded.set(samples, length);
  padded.set(samples.slice(1, length + 1).reverse(), 0);
  padded.set(samples.slice(-length - 1, -1).reverse(), length + samples.length);
  return padded;
}

/** The stages of one frame up to the spectrum, in double precision. */
function transformFrame(frame: Float32Array, kind: WindowKind, fftLength: number) {
  const window = createWindow(kind, frame.length);
  const windowed = new Float64Array(fftLength);
  windowed.set(window.map((weight, index) => weight * (frame[index] ?? NaN)));
  const fft = createRealFft(fftLength);
  const re = new Float64Array(fft.binCount);
  const im = new Float64Array(fft.binCount);
  applyRealFft(fft, windowed, re, im);
  return {
    windowed: windowed.subarray(0, frame.length),
    power: re.map((value, bin) => value ** 2 + (im[bin] ?? NaN) ** 2),
  };
}

/** 10·log10(x) = (10 / ln 10)·ln(x). */
const DECIBELS_PER_NEPER = 10 / Math.LN10;

function logMelOf(options: LogMelOptions, frame: Float32Array): Float32Array {
  const out = new Float32Array(options.melCount);
  applyLogMel(createLogMel(options), frame, out);
  return out;
}

function expectGolden(name: string, got: ArrayLike<number>): void {
  const golden = loadGolden(name);
  expect(maxAbsDifference(got, golden.values), name).toBeLessThanOrEqual(golden.toleranceAbs);
}

describe.skipIf(!hasClip('sc_yes'))('frame 24 of sc_yes, the keyword models (needs ../shared)', () => {
  it('meets the golden of every stage', () => {
    const frame = loadClip('sc_yes').subarray(24 * 320, 24 * 320 + 640);
    const {windowed, power} = transformFrame(frame, 'hann-periodic', 1024);
    const mel = new Float32Array(40);
    applyMelFilterbank(createMelFilterbank(KWS_MFCC), Float32Array.from(power, Math.sqrt), mel);
    expectGolden('kws.frame24_windowed.sc_yes', windowed);
    expectGolden('kws.frame24_power.sc_yes', power);
    expectGolden('kws.frame24_mel.sc_yes', mel);
    expectGolden('kws.frame24_logmel.sc_yes', logMelOf(KWS_MFCC, frame));
  });
});

describe.skipIf(!hasClip('ls_testing_routine'))(
  'frame 100 of ls_testing_routine, wav2letter (needs ../shared)',
  () => {
    it('meets the golden of every stage', () => {
      const frame = mirrorPad(loadClip('ls_testing_routine'), 256).subarray(16_000, 16_512);
      const {windowed, power} = transformFrame(frame, 'hann-periodic', 512);
      const mel = new Float32Array(128);
      applyMelFilterbank(createMelFilterbank(wav2letterMfccOptions), Float32Array.from(power), mel);
      expectGolden('w2l.frame100_windowed.ls_testing_routine', windowed);
      expectGolden('w2l.frame100_power.ls_testing_routine', power);
      expectGolden('w2l.frame100_mel.ls_testing_routine', mel);
      expectGolden(
        'w2l.frame100_db.ls_testing_routine',
        logMelOf(wav2letterMfccOptions, frame).map((value) => DECIBELS_PER_NEPER * value),
      );
    });
  },
);

describe('applyMfcc at a second option set', () => {
  it("meets wav2letter's MFCC of noise, which no 80 dB clip touches", () => {
    const mfcc = computeMfcc(wav2letterMfccOptions, mirrorPad(loadClip('noise'), 256));
    // the golden is in decibels, and the DCT is linear
    expectGolden(
      'w2l.mfcc.noise',
      mfcc.map((coefficient) => DECIBELS_PER_NEPER * coefficient),
    );
  });
});
