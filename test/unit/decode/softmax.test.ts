import {describe, expect, it} from 'vitest';
import {softmaxInto} from '../../../src/decode/softmax.ts';
import {maxAbsDifference} from '../../support/arrays.ts';
import {seededRandom} from '../../support/prng.ts';

function softmax(logits: readonly number[], temperature = 1): Float32Array {
  const out = new Float32Array(logits.length);
  softmaxInto(Float32Array.from(logits), temperature, out);
  return out;
}

describe('softmaxInto', () => {
  it('gives e^x over their sum', () => {
    expect(
      maxAbsDifference(softmax([Math.log(1), Math.log(2), Math.log(5)]), [1 / 8, 2 / 8, 5 / 8]),
    ).toBeLessThan(1e-7);
  });

  it('neither overflows nor vanishes on large logits', () => {
    expect([...softmax([1000, 1000])]).toEqual([0.5, 0.5]);
    expect([...softmax([-1000, -1e30])]).toEqual([1, 0]);
  });

  it('sums to 1 and does not change when all logits move together (seeded)', () => {
    const random = seededRandom(7);
    for (let trial = 0; trial < 100; trial++) {
      const logits = [...random.samples(12, 20)];
      const moved = logits.map((logit) => logit + 16);
      const posteriors = softmax(logits);
      const sum = posteriors.reduce((total, value) => total + value, 0);
      expect(sum, `seed ${random.seed}, trial ${trial}`).toBeCloseTo(1, 5);
      expect(maxAbsDifference(posteriors, softmax(moved)), `seed ${random.seed}`).toBeLessThan(1e-5);
    }
  });

  it('divides the logits by the temperature', () => {
    const logits = [2 * Math.log(1), 2 * Math.log(2), 2 * Math.log(5)];
    expect(maxAbsDifference(softmax(logits, 2), [1 / 8, 2 / 8, 5 / 8])).toBeLessThan(1e-7);
    expect([...softmax([1000, 900], 0.01)]).toEqual([1, 0]);
  });

  it('may write over its input', () => {
    const row = Float32Array.of(3, 3, 3, 3);
    softmaxInto(row, 1, row);
    expect([...row]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});
