import {describe, expect, it} from 'vitest';
import {applyLogSpectrum, createLogSpectrum} from '../../../src/features/log-spectrum.ts';
import {createWindow} from '../../../src/features/window.ts';

const options = {windowLength: 320, window: 'hamming-symmetric', fullScale: 2 ** 31} as const;

function logSpectrumOf(frame: Float32Array, fullScale: number): Float32Array {
  const out = new Float32Array(161);
  applyLogSpectrum(createLogSpectrum({...options, fullScale}), frame, out);
  return out;
}

describe('applyLogSpectrum', () => {
  it('gives zeros on digital silence', () => {
    expect(logSpectrumOf(new Float32Array(320), 2 ** 31)).toEqual(new Float32Array(161));
  });

  it.each([1, 2 ** 15, 2 ** 31])('gives ln(1 + |X|) of an impulse at a full scale of %d', (fullScale) => {
    const impulse = new Float32Array(320);
    impulse[100] = 0.5;
    const magnitude = 0.5 * fullScale * (createWindow('hamming-symmetric', 320)[100] ?? NaN);
    for (const value of logSpectrumOf(impulse, fullScale)) {
      expect(value).toBeCloseTo(Math.log(1 + magnitude), 5);
    }
  });

  it.each([0, -1, NaN])('is refused a full scale of %d', (fullScale) => {
    expect(() => createLogSpectrum({...options, fullScale})).toThrow(
      new RangeError(`fullScale: got ${fullScale}, expected a positive number`),
    );
  });
});
