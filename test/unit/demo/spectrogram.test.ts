import {describe, expect, test} from 'vitest';
import {createFrequencyRows, fillColumn} from '../../../src/demo/transcription/frequency-rows.ts';
import {SpectrogramPicture} from '../../../src/demo/transcription/spectrogram-picture.ts';

describe('the rows of a spectrogram', () => {
  test.each([
    [48_000, 2048],
    [44_100, 2048],
    [16_000, 512],
  ])(
    'cover all that is shown at %i Hz and %i samples, each some of it, high ones first',
    (rateHz, fftLength) => {
      const binHz = rateHz / fftLength;
      const rows = createFrequencyRows({rowCount: 96, topHz: 8000, binHz, binCount: fftLength / 2});
      expect(rows.first[95]).toBe(0);
      expect(rows.end[0]).toBe(Math.min(fftLength / 2, Math.round(8000 / binHz)));
      for (let row = 0; row < 96; row++) {
        expect(rows.end[row]).toBeGreaterThan(rows.first[row]!);
        // the row below ends where this one begins, or repeats its bin
        if (row < 95) expect(rows.end[row + 1]! - rows.first[row]!).toBeOneOf([0, 1]);
      }
    },
  );

  test('show the loudest of their bins', () => {
    const rows = createFrequencyRows({rowCount: 4, topHz: 8000, binHz: 100, binCount: 128});
    const bins = new Uint8Array(128);
    bins[1] = 9; // 100 Hz
    bins[75] = 200; // 7500 Hz
    const column = new Uint8Array(4);
    fillColumn(rows, bins, column);
    expect([...column]).toEqual([200, 0, 0, 9]);
  });
});

describe('the picture', () => {
  const palette = Uint32Array.from({length: 256}, (_, level) => 1000 + level);
  const painted = (picture: SpectrogramPicture): number[] => {
    const pixels = new Uint32Array(picture.columnCount * picture.rowCount);
    picture.paint(palette, pixels);
    return [...pixels].map((pixel) => pixel - 1000);
  };

  test('takes columns in at the right, and lets the oldest go', () => {
    const picture = new SpectrogramPicture(3, 2);
    picture.push(Uint8Array.of(1, 2), 1);
    expect(painted(picture)).toEqual([0, 0, 1, 0, 0, 2]);
    picture.push(Uint8Array.of(3, 4), 2);
    expect(painted(picture)).toEqual([1, 3, 3, 2, 4, 4]);
    picture.push(Uint8Array.of(5, 6), 99);
    expect(painted(picture)).toEqual([5, 5, 5, 6, 6, 6]);
    picture.clear();
    expect(painted(picture)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
