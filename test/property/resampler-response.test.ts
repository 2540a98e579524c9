import {describe, expect, it} from 'vitest';
import {Resampler} from '../../src/frames/resampler.ts';

const OUTPUT_RATE_HZ = 16_000;
const MAX_RIPPLE_DB = 0.1;
const MIN_STOP_BAND_DB = 80; // the issue asks for 70
/** Steady-state output samples that are measured. */
const MEASURED_SAMPLES = 2048;

/** Rates of audio hardware, and two awkward ones that go through the blended table. */
const RATES_HZ = [8000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000, 47_999, 191_999];

const resamplers = new Map(
  RATES_HZ.map((inputRateHz) => [inputRateHz, new Resampler({inputRateHz, outputRateHz: OUTPUT_RATE_HZ})]),
);

/** The steady output for a sine of amplitude 1. */
function respond(inputRateHz: number, frequencyHz: number): Float32Array {
  const resampler = resamplers.get(inputRateHz);
  if (resampler === undefined)
    throw new RangeError(`got ${inputRateHz} Hz, expected one of the rates under test`);
  resampler.reset();
  const settle = Math.ceil(2 * resampler.delaySamples);
  const inputLength = Math.ceil(((settle + MEASURED_SAMPLES + 1) * inputRateHz) / OUTPUT_RATE_HZ);
  const input = Float32Array.from({length: inputLength}, (_, index) =>
    Math.sin((2 * Math.PI * frequencyHz * index) / inputRateHz + 0.3),
  );
  const out = new Float32Array(resampler.maxOutputLength(inputLength));
  resampler.process(input, out);
  return out.subarray(settle, settle + MEASURED_SAMPLES);
}

const decibels = (amplitude: number): number => 20 * Math.log10(amplitude);

/** Root mean square as the amplitude of a sine. */
function sineAmplitude(samples: Float32Array): number {
  const energy = samples.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt((2 * energy) / samples.length);
}

/** Amplitude and phase of the best-fitting sine of one frequency, and the amplitude of what it leaves. */
function fitSine(samples: Float32Array, frequencyHz: number) {
  const step = (2 * Math.PI * frequencyHz) / OUTPUT_RATE_HZ;
  let [cc, cs, ss, cx, sx] = [0, 0, 0, 0, 0];
  samples.forEach((value, index) => {
    const [cos, sin] = [Math.cos(step * index), Math.sin(step * index)];
    cc += cos * cos;
    cs += cos * sin;
    ss += sin * sin;
    cx += cos * value;
    sx += sin * value;
  });
  const determinant = cc * ss - cs * cs;
  const a = (ss * cx - cs * sx) / determinant;
  const b = (cc * sx - cs * cx) / determinant;
  const rest = samples.map((value, index) => value - a * Math.cos(step * index) - b * Math.sin(step * index));
  return {amplitude: Math.hypot(a, b), restAmplitude: sineAmplitude(rest)};
}

/** `count` frequencies from one to the other, both included. */
function sweep(fromHz: number, toHz: number, count: number): readonly number[] {
  return Array.from({length: count}, (_, index) => fromHz + ((toHz - fromHz) * index) / (count - 1));
}

describe.each(RATES_HZ)('resampling %i Hz to 16 kHz', (inputRateHz) => {
  const lowerRateHz = Math.min(inputRateHz, OUTPUT_RATE_HZ);

  it(`passes up to 0.45 of the lower rate with at most ${MAX_RIPPLE_DB} dB of ripple, and adds nothing`, () => {
    for (const frequencyHz of sweep(40, 0.45 * lowerRateHz, 41)) {
      const {amplitude, restAmplitude} = fitSine(respond(inputRateHz, frequencyHz), frequencyHz);
      expect(Math.abs(decibels(amplitude)), `${frequencyHz} Hz`).toBeLessThanOrEqual(MAX_RIPPLE_DB);
      expect(decibels(restAmplitude), `images of ${frequencyHz} Hz`).toBeLessThanOrEqual(-MIN_STOP_BAND_DB);
    }
  });

  it('keeps a constant signal to 1 part in a million', () => {
    const resampler = new Resampler({inputRateHz, outputRateHz: OUTPUT_RATE_HZ});
    const input = new Float32Array(inputRateHz / 4).fill(0.5);
    const out = new Float32Array(resampler.maxOutputLength(input.length));
    const written = resampler.process(input, out);
    for (const value of out.subarray(Math.ceil(2 * resampler.delaySamples), written)) {
      expect(Math.abs(value - 0.5)).toBeLessThan(5e-7);
    }
  });
});

describe.each(RATES_HZ.filter((rateHz) => rateHz > OUTPUT_RATE_HZ))(
  'resampling %i Hz to 16 kHz',
  (inputRateHz) => {
    it(`stops everything from 8 kHz up by at least ${MIN_STOP_BAND_DB} dB`, () => {
      for (const frequencyHz of [...sweep(8000, 9000, 21), ...sweep(9000, 0.4999 * inputRateHz, 40)]) {
        const leaked = decibels(sineAmplitude(respond(inputRateHz, frequencyHz)));
        expect(leaked, `${frequencyHz} Hz`).toBeLessThanOrEqual(-MIN_STOP_BAND_DB);
      }
    });
  },
);

describe('a 9 kHz tone at 48 kHz', () => {
  it('does not fold back to 7 kHz', () => {
    const out = respond(48_000, 9000);
    expect(decibels(fitSine(out, 7000).amplitude)).toBeLessThan(-MIN_STOP_BAND_DB);
    expect(decibels(sineAmplitude(out))).toBeLessThan(-MIN_STOP_BAND_DB);
  });
});
