import {describe, expect, test} from 'vitest';
import type {LogMelOptions} from '../../../../src/features/log-mel.ts';
import {LogMelFrontEnd} from '../../../../src/systems/earshot-ctc/front-end.ts';
import {seededRandom} from '../../../support/prng.ts';

const options: LogMelOptions = {
  sampleRateHz: 16000,
  windowLength: 40,
  hopLength: 16,
  fftLength: 64,
  window: 'hann-periodic',
  spectrum: 'power',
  melCount: 4,
  melScale: 'htk',
  melMinHz: 100,
  melMaxHz: 8000,
  melNorm: 'peak',
  logFloor: 1e-6,
};

/** Every row that is ready, read a few at a time. */
function readAll(frontEnd: LogMelFrontEnd, atOnce = 100): number[] {
  const out = new Float32Array(atOnce * frontEnd.featureCount);
  const rows: number[] = [];
  for (let count = frontEnd.readRows(out); count > 0; count = frontEnd.readRows(out)) {
    rows.push(...out.subarray(0, count * frontEnd.featureCount));
  }
  return rows;
}

describe('LogMelFrontEnd', () => {
  test.each([
    [0, 0],
    [39, 0],
    [40, 1],
    [55, 1],
    [56, 2],
    [1000, 61],
  ])('gives of %i samples %i rows, each with the last of its samples', (sampleCount, rowCount) => {
    const frontEnd = new LogMelFrontEnd(options);
    frontEnd.push(new Float32Array(sampleCount));
    expect(readAll(frontEnd)).toHaveLength(rowCount * 4);
    frontEnd.finish();
    expect(readAll(frontEnd)).toEqual([]);
  });

  test('gives the same rows however the samples are cut and the rows are read', () => {
    const random = seededRandom(11);
    const samples = random.samples(3000);
    const whole = new LogMelFrontEnd(options);
    whole.push(samples);
    const expected = readAll(whole);
    const frontEnd = new LogMelFrontEnd(options);
    const got: number[] = [];
    for (let start = 0; start < samples.length;) {
      const end = start + random.integer(0, 90);
      frontEnd.push(samples.subarray(start, end));
      start = end;
      if (random.next() < 0.7) got.push(...readAll(frontEnd, random.integer(1, 3)));
    }
    expect([...got, ...readAll(frontEnd)], `seed ${random.seed}`).toEqual(expected);
  });

  test('writes as many rows as fit and nothing behind them', () => {
    const frontEnd = new LogMelFrontEnd(options);
    frontEnd.push(new Float32Array(1000));
    const out = new Float32Array(11).fill(7);
    expect(frontEnd.readRows(out)).toBe(2);
    expect([...out.subarray(8)]).toEqual([7, 7, 7]);
  });

  test('gives zeros for silence and for what lies below the floor, and more for what does not', () => {
    const frontEnd = new LogMelFrontEnd(options);
    const samples = seededRandom(13).samples(40, 1e-5);
    frontEnd.push(new Float32Array(40));
    frontEnd.push(samples);
    expect(readAll(frontEnd)).toEqual(new Array(12).fill(0));
    frontEnd.reset();
    frontEnd.push(samples.map((sample) => 1e4 * sample));
    expect(Math.min(...readAll(frontEnd))).toBeGreaterThan(1);
  });

  test('begins anew after a reset', () => {
    const samples = seededRandom(12).samples(500);
    const frontEnd = new LogMelFrontEnd(options);
    frontEnd.push(samples);
    const expected = readAll(frontEnd);
    frontEnd.push(samples.subarray(3));
    frontEnd.reset();
    frontEnd.push(samples);
    expect(readAll(frontEnd)).toEqual(expected);
  });
});
