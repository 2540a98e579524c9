/**
 * Prints what the kernels reach: the resampler's ripple, images, stop-band and cost at the rates of audio hardware, and
 * the time of one MFCC frame and one transform. Usage: npx tsx bench/kernels.ts
 */
import {applyRealFft, createRealFft} from '../src/features/fft.ts';
import {applyMfcc, createMfcc} from '../src/features/mfcc.ts';
import {Resampler} from '../src/frames/resampler.ts';
import {KWS_MFCC} from '../test/support/kws-front-end.ts';
import {seededRandom} from '../test/support/prng.ts';
import {decibels, fitSine, respond, sineAmplitude, sweep} from '../test/support/tone-response.ts';

const OUTPUT_RATE_HZ = 16_000;
const RATES_HZ = [8000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000, 47_999, 191_999];

/** The least time of one call in microseconds, of `rounds` rounds after one of warm-up. */
function leastMicroseconds(callCount: number, call: () => void, rounds = 20): number {
  let least = Infinity;
  for (let round = 0; round <= rounds; round++) {
    const startMs = performance.now();
    for (let index = 0; index < callCount; index++) call();
    const perCall = ((performance.now() - startMs) * 1000) / callCount;
    if (round > 0) least = Math.min(least, perCall);
  }
  return least;
}

function describeResampler(inputRateHz: number): Record<string, string> {
  const resampler = new Resampler({inputRateHz, outputRateHz: OUTPUT_RATE_HZ});
  const passbandHz = 0.45 * Math.min(inputRateHz, OUTPUT_RATE_HZ);
  const fits = sweep(40, passbandHz, 201).map((hz) => fitSine(respond(resampler, hz), hz, OUTPUT_RATE_HZ));
  const stopHz = [...sweep(8000, 9000, 101), ...sweep(9000, 0.4999 * inputRateHz, 101)];
  const leaks = stopHz.map((hz) => decibels(sineAmplitude(respond(resampler, hz))));
  const second = seededRandom(1).samples(inputRateHz, 0.5);
  const out = new Float32Array(resampler.maxOutputLength(inputRateHz));
  const microseconds = leastMicroseconds(1, () => resampler.process(second, out), 5);
  return {
    'passband to, Hz': passbandHz.toFixed(0),
    'ripple, dB': Math.max(...fits.map(({amplitude}) => Math.abs(decibels(amplitude)))).toFixed(5),
    'images, dB': Math.max(...fits.map(({restAmplitude}) => decibels(restAmplitude))).toFixed(1),
    'from 8 kHz up, dB': inputRateHz > OUTPUT_RATE_HZ ? Math.max(...leaks).toFixed(1) : '-',
    'delay, ms': ((1000 * resampler.delaySamples) / OUTPUT_RATE_HZ).toFixed(2),
    'cost, ms per s': (microseconds / 1000).toFixed(2),
  };
}

function timeTransform(length: number): string {
  const fft = createRealFft(length);
  const input = Float64Array.from(seededRandom(2).samples(length));
  const re = new Float64Array(fft.binCount);
  const im = new Float64Array(fft.binCount);
  return leastMicroseconds(2000, () => applyRealFft(fft, input, re, im)).toFixed(2);
}

function timeMfcc(): string {
  const mfcc = createMfcc(KWS_MFCC);
  const frame = seededRandom(3).samples(KWS_MFCC.windowLength, 0.5);
  const out = new Float32Array(KWS_MFCC.coefficientCount);
  return leastMicroseconds(2000, () => applyMfcc(mfcc, frame, out, 0)).toFixed(2);
}

console.log(`resampler to ${OUTPUT_RATE_HZ} Hz`);
console.table(Object.fromEntries(RATES_HZ.map((rateHz) => [`${rateHz} Hz`, describeResampler(rateHz)])));
console.log('least time, µs');
console.table({
  'MFCC frame (640 samples, 1024 points, 40 bands, 10 coefficients)': timeMfcc(),
  ...Object.fromEntries(
    [320, 512, 1024].map((length) => [`real transform of ${length}`, timeTransform(length)]),
  ),
});
