import type {Resampler} from '../../src/frames/resampler.ts';

/** Output samples that are measured once the filter has settled. */
const MEASURED_SAMPLES = 2048;

/** The steady output for a sine of amplitude 1. */
export function respond(resampler: Resampler, frequencyHz: number): Float32Array {
  const {inputRateHz, outputRateHz} = resampler;
  resampler.reset();
  const settle = Math.ceil(2 * resampler.delaySamples);
  const inputLength = Math.ceil(((settle + MEASURED_SAMPLES + 1) * inputRateHz) / outputRateHz);
  const input = Float32Array.from({length: inputLength}, (_, index) =>
    Math.sin((2 * Math.PI * frequencyHz * index) / inputRateHz + 0.3),
  );
  const out = new Float32Array(resampler.maxOutputLength(inputLength));
  resampler.process(input, out);
  return out.subarray(settle, settle + MEASURED_SAMPLES);
}

/** Level of an amplitude relative to 1. */
export function decibels(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}

/** Root mean square as the amplitude of a sine. */
export function sineAmplitude(samples: Float32Array): number {
  const energy = samples.reduce((sum, value) => sum + value * value, 0);
  return Math.sqrt((2 * energy) / samples.length);
}

/** What a sine of one frequency explains of some samples. */
export interface SineFit {
  readonly amplitude: number;
  /** Amplitude of what it leaves over. */
  readonly restAmplitude: number;
}

/** Fits a sine of one frequency by least squares. */
export function fitSine(samples: Float32Array, frequencyHz: number, sampleRateHz: number): SineFit {
  const step = (2 * Math.PI * frequencyHz) / sampleRateHz;
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
export function sweep(fromHz: number, toHz: number, count: number): readonly number[] {
  return Array.from({length: count}, (_, index) => fromHz + ((toHz - fromHz) * index) / (count - 1));
}
