import {describe, expect, it} from 'vitest';
import {createDct} from '../../src/features/dct.ts';
import {createMelFilterbank} from '../../src/features/mel-filterbank.ts';
import type {MelFilterbank, MelFilterbankOptions} from '../../src/features/mel-filterbank.ts';
import {createWindow} from '../../src/features/window.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {loadGolden} from '../support/goldens.ts';

describe('createWindow', () => {
  it.each([
    ['hann-periodic', 640, 'const.hann_periodic_640'],
    ['hann-periodic', 512, 'const.hann_periodic_512'],
    ['hamming-symmetric', 320, 'const.hamming_symmetric_320'],
  ] as const)('gives the %s window of %i samples of %s', (kind, length, name) => {
    const golden = loadGolden(name);
    expect(maxAbsDifference(createWindow(kind, length), golden.values)).toBeLessThanOrEqual(
      golden.toleranceAbs,
    );
  });
});

describe('createMelFilterbank', () => {
  const kws: MelFilterbankOptions = {
    sampleRateHz: 16_000,
    fftLength: 1024,
    melCount: 40,
    melScale: 'htk',
    melMinHz: 20,
    melMaxHz: 4000,
    melNorm: 'peak',
  };
  const wav2letter: MelFilterbankOptions = {
    sampleRateHz: 16_000,
    fftLength: 512,
    melCount: 128,
    melScale: 'slaney',
    melMinHz: 0,
    melMaxHz: 8000,
    melNorm: 'area',
  };

  it.each([
    ['TensorFlow (HTK, peak 1)', kws, 'const.kws_mel_40x513'],
    ['librosa (Slaney, area)', wav2letter, 'const.w2l_mel_128x257'],
  ] as const)('gives the bank of %s', (_, options, name) => {
    const golden = loadGolden(name);
    const dense = toDense(createMelFilterbank(options), options.fftLength / 2 + 1);
    expect(maxAbsDifference(dense, golden.values)).toBeLessThanOrEqual(golden.toleranceAbs);
  });

  it('leaves no band of either system without a bin', () => {
    for (const options of [kws, wav2letter]) {
      expect(Math.min(...createMelFilterbank(options).length)).toBeGreaterThan(0);
    }
  });
});

describe('createDct', () => {
  it.each([
    [40, 10, 'htk', 'const.kws_dct_10x40'],
    [128, 13, 'orthonormal', 'const.w2l_dct_13x128'],
  ] as const)('gives the matrix from %i to %i of scale %s', (inputLength, coefficientCount, scale, name) => {
    const golden = loadGolden(name);
    const {matrix} = createDct(inputLength, coefficientCount, scale);
    expect(maxAbsDifference(matrix, golden.values)).toBeLessThanOrEqual(golden.toleranceAbs);
  });
});

/** The bank as [melCount × binCount], row-major. */
function toDense(bank: MelFilterbank, binCount: number): Float32Array {
  const dense = new Float32Array(bank.melCount * binCount);
  bank.start.forEach((start, mel) => {
    const offset = bank.offset[mel] ?? NaN;
    dense.set(bank.weights.subarray(offset, offset + (bank.length[mel] ?? NaN)), mel * binCount + start);
  });
  return dense;
}
