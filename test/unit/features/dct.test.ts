import {describe, expect, it} from 'vitest';
import {applyDct, createDct} from '../../../src/features/dct.ts';
import {maxAbsDifference} from '../../support/arrays.ts';
import {seededRandom} from '../../support/prng.ts';

describe('createDct', () => {
  it('has orthonormal rows at full size', () => {
    for (const length of [1, 2, 13, 40]) {
      const {matrix} = createDct(length, length, 'orthonormal');
      const row = (index: number): Float64Array => matrix.subarray(index * length, (index + 1) * length);
      for (let a = 0; a < length; a++) {
        for (let b = 0; b <= a; b++) {
          const product = row(a).reduce((sum, value, k) => sum + value * (row(b)[k] ?? NaN), 0);
          expect(product, `length ${length}, rows ${a} and ${b}`).toBeCloseTo(a === b ? 1 : 0, 12);
        }
      }
    }
  });
});

describe('applyDct', () => {
  it('turns a constant into row 0 alone', () => {
    const out = new Float32Array(5);
    applyDct(createDct(8, 5, 'htk'), new Float32Array(8).fill(3), out, 0);
    expect(maxAbsDifference(out, [3 * 8 * Math.sqrt(2 / 8), 0, 0, 0, 0])).toBeLessThan(1e-6);
  });

  it('keeps the energy where it is orthonormal and whole (seeded)', () => {
    const random = seededRandom(12);
    const input = random.samples(40, 10);
    const out = new Float32Array(40);
    applyDct(createDct(40, 40, 'orthonormal'), input, out, 0);
    const energy = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);
    expect(energy(out) / energy(input), `seed ${random.seed}`).toBeCloseTo(1, 6);
  });
});
