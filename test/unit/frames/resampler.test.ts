import {describe, expect, it} from 'vitest';
import {Resampler} from '../../../src/frames/resampler.ts';
import {seededRandom} from '../../support/prng.ts';

/** Everything the resampler gives for `samples` pushed in pieces. */
function resample(resampler: Resampler, samples: Float32Array, pieceLength: () => number): Float32Array {
  const out: number[] = [];
  for (let position = 0; position < samples.length;) {
    const piece = samples.subarray(position, position + pieceLength());
    const buffer = new Float32Array(resampler.maxOutputLength(piece.length));
    out.push(...buffer.subarray(0, resampler.process(piece, buffer)));
    position += piece.length;
  }
  return Float32Array.from(out);
}

const wholeAtOnce = (): number => Infinity;

describe('Resampler', () => {
  it('copies to the last bit where the rates are equal', () => {
    const samples = seededRandom(1).samples(1000);
    const resampler = new Resampler({inputRateHz: 16_000, outputRateHz: 16_000});
    expect(resampler.delaySamples).toBe(0);
    expect(resample(resampler, samples, wholeAtOnce)).toEqual(samples);
  });

  it.each([8000, 11_025, 22_050, 44_100, 47_999, 48_000, 96_000, 192_000])(
    'gives the same output for %i Hz however the input is split (seeded)',
    (inputRateHz) => {
      const random = seededRandom(inputRateHz);
      const samples = random.samples(12_000);
      const create = (): Resampler => new Resampler({inputRateHz, outputRateHz: 16_000});
      const whole = resample(create(), samples, wholeAtOnce);
      expect(resample(create(), samples, () => 128)).toEqual(whole);
      const pieces = resample(create(), samples, () => random.integer(1, 5000));
      expect(pieces, `seed ${random.seed}`).toEqual(whole);
    },
  );

  it.each([8000, 22_050, 44_100, 47_999, 48_000, 192_000])(
    'gives outputRate / inputRate samples of output per sample of %i Hz input',
    (inputRateHz) => {
      const resampler = new Resampler({inputRateHz, outputRateHz: 16_000});
      const input = new Float32Array(inputRateHz);
      const out = new Float32Array(resampler.maxOutputLength(input.length));
      for (let second = 0; second < 5; second++) expect(resampler.process(input, out)).toBe(16_000);
    },
  );

  it('never writes more than it promised, nor past it (seeded)', () => {
    const random = seededRandom(99);
    for (let trial = 0; trial < 60; trial++) {
      const resampler = new Resampler({
        inputRateHz: random.integer(8000, 192_000),
        outputRateHz: random.pick([16_000, 8000, 48_000]),
      });
      for (let call = 0; call < 20; call++) {
        const input = new Float32Array(random.integer(0, 300));
        const bound = resampler.maxOutputLength(input.length);
        const out = new Float32Array(bound + 4).fill(9);
        expect(resampler.process(input, out), `seed ${random.seed}, trial ${trial}`).toBeLessThanOrEqual(
          bound,
        );
        expect([...out.subarray(bound)]).toEqual([9, 9, 9, 9]);
      }
    }
  });

  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [8000, 16_000],
    [47_999, 16_000],
  ])('delays a click from %i to %i Hz by delaySamples', (inputRateHz, outputRateHz) => {
    const resampler = new Resampler({inputRateHz, outputRateHz});
    const click = new Float32Array(12_000);
    const clickAt = 2000;
    click[clickAt] = 1;
    const out = resample(resampler, click, wholeAtOnce);
    let weighted = 0;
    let total = 0;
    out.forEach((value, index) => {
      weighted += value * value * index;
      total += value * value;
    });
    const expected = (clickAt * outputRateHz) / inputRateHz + resampler.delaySamples;
    expect(Math.abs(weighted / total - expected)).toBeLessThan(0.02);
  });

  it('has passed on all input after delayInputSamples zeros', () => {
    const resampler = new Resampler({inputRateHz: 48_000, outputRateHz: 16_000});
    const input = new Float32Array(4800).fill(1);
    const out = new Float32Array(resampler.maxOutputLength(input.length));
    const written = resampler.process(input, out);
    const tail = new Float32Array(resampler.delayInputSamples);
    const more = resampler.process(tail, new Float32Array(resampler.maxOutputLength(tail.length)));
    expect(Math.abs(written + more - resampler.delaySamples - 1600)).toBeLessThan(1);
  });

  it('starts a new stream at a reset', () => {
    const samples = seededRandom(5).samples(3000);
    const resampler = new Resampler({inputRateHz: 44_100, outputRateHz: 16_000});
    const first = resample(resampler, samples, () => 700);
    resampler.reset();
    expect(resample(resampler, samples, () => 700)).toEqual(first);
  });

  it.each([0, -48_000, NaN, Infinity, 44_100.5, 999, 384_001])('refuses a rate of %s Hz', (inputRateHz) => {
    const create = (): Resampler => new Resampler({inputRateHz, outputRateHz: 16_000});
    expect(create).toThrow(RangeError);
    expect(create).toThrow(`inputRateHz: got ${inputRateHz}, expected a whole number in 1000…384000`);
    expect(() => new Resampler({inputRateHz: 48_000, outputRateHz: inputRateHz})).toThrow(
      'outputRateHz: got',
    );
  });

  it('refuses an output that may be too short', () => {
    const resampler = new Resampler({inputRateHz: 48_000, outputRateHz: 16_000});
    expect(() => resampler.process(new Float32Array(128), new Float32Array(42))).toThrow(
      'resampler output: got room for 42 samples, expected at least 43',
    );
  });
});
