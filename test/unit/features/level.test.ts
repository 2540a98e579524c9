import {describe, expect, it} from 'vitest';
import {LEVEL_FLOOR_DB, levelInto} from '../../../src/features/level.ts';

function level(samples: Float32Array): readonly number[] {
  const out = new Float32Array(2);
  levelInto(samples, out);
  return [...out];
}

describe('levelInto', () => {
  it('gives −3.01 dB RMS and 0 dB peak for a full-scale sine', () => {
    const sine = Float32Array.from({length: 1600}, (_, index) => Math.sin((2 * Math.PI * index) / 16));
    const [rms, peak] = level(sine);
    expect(rms).toBeCloseTo(-3.0103, 4);
    expect(peak).toBeCloseTo(0, 4);
  });

  it('gives −20 dB for a tenth of full scale, of either sign', () => {
    for (const value of [0.1, -0.1]) {
      const [rms, peak] = level(new Float32Array(50).fill(value));
      expect(rms).toBeCloseTo(-20, 4);
      expect(peak).toBeCloseTo(-20, 4);
    }
  });

  it('gives the floor on silence and on nothing', () => {
    expect(level(new Float32Array(128))).toEqual([LEVEL_FLOOR_DB, LEVEL_FLOOR_DB]);
    expect(level(new Float32Array(0))).toEqual([LEVEL_FLOOR_DB, LEVEL_FLOOR_DB]);
  });
});
