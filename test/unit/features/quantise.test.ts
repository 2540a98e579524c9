import {describe, expect, it} from 'vitest';
import {dequantiseInto, quantiseInto} from '../../../src/features/quantise.ts';
import {maxAbsDifference} from '../../support/arrays.ts';
import {seededRandom} from '../../support/prng.ts';

function quantise(values: readonly number[], scale: number, zeroPoint: number): readonly number[] {
  const out = new Int8Array(values.length);
  quantiseInto(Float32Array.from(values), scale, zeroPoint, out);
  return [...out];
}

describe('quantiseInto', () => {
  it('rounds halves to the even neighbour', () => {
    expect(quantise([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], 1, 0)).toEqual([-2, -2, 0, 0, 2, 2]);
  });

  it('rounds everything else to the nearest', () => {
    expect(quantise([-1.51, -1.49, -0.51, 0.49, 0.51, 99.4], 1, 0)).toEqual([-2, -1, -1, 0, 1, 99]);
  });

  it('saturates at both ends, infinities included', () => {
    expect(quantise([127.4, 127.6, 1e30, Infinity, -128.4, -129, -Infinity], 1, 0)).toEqual([
      127, 127, 127, 127, -128, -128, -128,
    ]);
  });

  it('applies the scale, then the zero point', () => {
    expect(quantise([0, 1, -1, 30], 0.5, -5)).toEqual([-5, -3, -7, 55]);
  });

  it('makes NaN 0', () => {
    expect(quantise([NaN], 0.2, -5)).toEqual([0]);
  });
});

describe('dequantiseInto', () => {
  it('gives (value − zero point) · scale', () => {
    const out = new Float32Array(3);
    dequantiseInto(Int8Array.of(-128, -5, 127), 0.25, -5, out);
    expect([...out]).toEqual([-30.75, 0, 33]);
  });

  it('comes back within half a step (seeded)', () => {
    const random = seededRandom(8);
    const scale = 0.20109497010707855;
    const values = random.samples(1000, 24);
    const quantised = new Int8Array(1000);
    const back = new Float32Array(1000);
    quantiseInto(values, scale, -5, quantised);
    dequantiseInto(quantised, scale, -5, back);
    expect(maxAbsDifference(values, back), `seed ${random.seed}`).toBeLessThanOrEqual(scale / 2 + 1e-6);
  });
});
