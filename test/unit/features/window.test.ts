import {describe, expect, it} from 'vitest';
import {createWindow} from '../../../src/features/window.ts';
import type {WindowKind} from '../../../src/features/window.ts';
import {maxAbsDifference} from '../../support/arrays.ts';

describe('createWindow', () => {
  it.each([
    ['hann-periodic', [0, 0.5, 1, 0.5]],
    ['hann-symmetric', [0, 0.75, 0.75, 0]],
    ['hamming-periodic', [0.08, 0.54, 1, 0.54]],
    ['hamming-symmetric', [0.08, 0.77, 0.77, 0.08]],
  ] as const)('gives the four values of a %s window', (kind, values) => {
    expect(maxAbsDifference(createWindow(kind, 4), values)).toBeLessThan(1e-15);
  });

  it.each(['hann-symmetric', 'hamming-symmetric'] as const)('%s reads the same from both ends', (kind) => {
    for (const length of [2, 3, 64, 321]) {
      const window = createWindow(kind, length);
      expect(maxAbsDifference(window, window.slice().reverse()), `length ${length}`).toBeLessThan(1e-14);
    }
  });

  it('adds up to a constant at half overlap where it is a periodic Hann', () => {
    const window = createWindow('hann-periodic', 640);
    for (let k = 0; k < 320; k++) expect((window[k] ?? NaN) + (window[k + 320] ?? NaN)).toBeCloseTo(1, 14);
  });

  it('of one sample is 1 where it is symmetric', () => {
    expect([...createWindow('hann-symmetric', 1)]).toEqual([1]);
  });

  it.each([0, -1, 2.5, NaN])('refuses a length of %s', (length) => {
    expect(() => createWindow('hann-periodic', length)).toThrow(
      `window length: got ${length}, expected a positive integer`,
    );
  });

  it('refuses a kind it does not know', () => {
    expect(() => createWindow('blackman-periodic' as WindowKind, 8)).toThrow('got "blackman-periodic"');
  });
});
