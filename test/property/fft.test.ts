import {describe, expect, it} from 'vitest';
import {applyRealFft, createRealFft} from '../../src/features/fft.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {seededRandom} from '../support/prng.ts';

/** All products 2^a·3^b·5^c up to 400, and the lengths the systems use and their neighbours. */
const LENGTHS = [
  ...Array.from({length: 400}, (_, index) => index + 1).filter(isSmooth),
  ...[480, 500, 512, 540, 600, 625, 640, 729, 960, 1000, 1024, 1080, 1125, 1600, 2048],
];

function isSmooth(length: number): boolean {
  let rest = length;
  for (const prime of [2, 3, 5]) while (rest % prime === 0) rest /= prime;
  return rest === 1;
}

interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function transform(input: Float64Array): Spectrum {
  const fft = createRealFft(input.length);
  const re = new Float64Array(fft.binCount).fill(NaN);
  const im = new Float64Array(fft.binCount).fill(NaN);
  applyRealFft(fft, input, re, im);
  return {re, im};
}

/** The definition, O(n²); the angle is reduced before the cosine so that it stays exact. */
function naiveTransform(input: Float64Array): Spectrum {
  const {length} = input;
  const binCount = Math.floor(length / 2) + 1;
  const re = new Float64Array(binCount);
  const im = new Float64Array(binCount);
  for (let bin = 0; bin < binCount; bin++) {
    input.forEach((value, k) => {
      const angle = (-2 * Math.PI * ((bin * k) % length)) / length;
      re[bin] = (re[bin] ?? NaN) + value * Math.cos(angle);
      im[bin] = (im[bin] ?? NaN) + value * Math.sin(angle);
    });
  }
  return {re, im};
}

const noise = (length: number, seed: number): Float64Array =>
  Float64Array.from(seededRandom(seed).samples(length));
const energy = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

/** Σ|X|² over all bins of the full transform: those of a real input come in mirrored pairs. */
function spectrumEnergy({re, im}: Spectrum, length: number): number {
  let sum = 0;
  re.forEach((value, bin) => {
    const isPaired = bin > 0 && 2 * bin !== length;
    sum += (isPaired ? 2 : 1) * (value ** 2 + (im[bin] ?? NaN) ** 2);
  });
  return sum;
}

describe('the real transform', () => {
  it.each(LENGTHS)('of %i samples equals the definition', (length) => {
    const input = noise(length, length);
    const got = transform(input);
    const expected = naiveTransform(input);
    const tolerance = 1e-13 * length; // of values up to √length; the naive sum errs most
    expect(maxAbsDifference(got.re, expected.re), `seed ${length}`).toBeLessThanOrEqual(tolerance);
    expect(maxAbsDifference(got.im, expected.im), `seed ${length}`).toBeLessThanOrEqual(tolerance);
  });

  it('keeps the energy (Parseval) at every length', () => {
    for (const length of LENGTHS) {
      const input = noise(length, length + 1);
      const ratio = spectrumEnergy(transform(input), length) / (length * energy(input));
      expect(Math.abs(ratio - 1), `length ${length}, seed ${length + 1}`).toBeLessThan(1e-13);
    }
  });

  it('is linear at every length', () => {
    for (const length of LENGTHS) {
      const [a, b] = [noise(length, 2 * length), noise(length, 3 * length)];
      const both = transform(a.map((value, k) => 3 * value - 0.25 * (b[k] ?? NaN)));
      const [ofA, ofB] = [transform(a), transform(b)];
      const summed = ofA.re.map((value, bin) => 3 * value - 0.25 * (ofB.re[bin] ?? NaN));
      expect(maxAbsDifference(both.re, summed), `length ${length}`).toBeLessThan(1e-12 * Math.sqrt(length));
    }
  });

  it('of an impulse turns by one and the same angle from bin to bin', () => {
    for (const length of LENGTHS) {
      const at = Math.floor(length / 3);
      const input = new Float64Array(length);
      input[at] = 1;
      const {re, im} = transform(input);
      const angle = (bin: number): number => (-2 * Math.PI * ((bin * at) % length)) / length;
      expect(
        maxAbsDifference(
          re,
          re.map((_, bin) => Math.cos(angle(bin))),
        ),
        `length ${length}`,
      ).toBeLessThan(1e-14);
      expect(
        maxAbsDifference(
          im,
          im.map((_, bin) => Math.sin(angle(bin))),
        ),
        `length ${length}`,
      ).toBeLessThan(1e-14);
    }
  });

  it('leaves its input as it was', () => {
    for (const length of [15, 320, 1024]) {
      const input = noise(length, 5);
      const copy = input.slice();
      transform(input);
      expect(input).toEqual(copy);
    }
  });

  it('gives the same numbers again from the same plan', () => {
    const fft = createRealFft(320);
    const run = (input: Float64Array): Float64Array => {
      const re = new Float64Array(fft.binCount);
      applyRealFft(fft, input, re, new Float64Array(fft.binCount));
      return re;
    };
    const first = run(noise(320, 1));
    run(noise(320, 2));
    expect(run(noise(320, 1))).toEqual(first);
  });

  it.each([0, -4, 7, 14, 1022, 2.5, NaN, Infinity])('refuses a length of %s', (length) => {
    expect(() => createRealFft(length)).toThrow(RangeError);
    expect(() => createRealFft(length)).toThrow(
      `transform length: got ${length}, expected a positive product of 2, 3 and 5`,
    );
  });
});
