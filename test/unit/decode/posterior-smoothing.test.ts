import {describe, expect, it} from 'vitest';
import {PosteriorSmoother} from '../../../src/decode/posterior-smoothing.ts';

function smoothAll(smoother: PosteriorSmoother, rows: readonly (readonly number[])[]): readonly number[][] {
  return rows.map((values) => {
    const out = new Float32Array(values.length);
    smoother.push(Float32Array.from(values), out);
    return [...out];
  });
}

describe('PosteriorSmoother', () => {
  it('averages the last inferences, fewer at the beginning', () => {
    const smoother = new PosteriorSmoother({classCount: 2, windowLength: 3});
    const rows = [
      [1, 0],
      [0, 4],
      [2, 8],
      [4, 0],
    ];
    expect(smoothAll(smoother, rows)).toEqual([
      [1, 0],
      [0.5, 2],
      [1, 4],
      [2, 4],
    ]);
  });

  it('passes through with a window of one', () => {
    const smoother = new PosteriorSmoother({classCount: 1, windowLength: 1});
    expect(smoothAll(smoother, [[1], [0], [0.5]])).toEqual([[1], [0], [0.5]]);
  });

  it('averages fewer from the moment it is told to', () => {
    const smoother = new PosteriorSmoother({classCount: 1, windowLength: 4});
    smoothAll(smoother, [[8], [8], [8], [8]]);
    smoother.setWindowLength(2);
    expect(smoothAll(smoother, [[0], [2]])).toEqual([[4], [1]]);
    smoother.setWindowLength(4);
    expect(smoothAll(smoother, [[2]])).toEqual([[3]]);
  });

  it('forgets everything at a reset', () => {
    const smoother = new PosteriorSmoother({classCount: 1, windowLength: 4});
    smoothAll(smoother, [[8], [8]]);
    smoother.reset();
    expect(smoothAll(smoother, [[1]])).toEqual([[1]]);
  });

  it('may write over its input', () => {
    const smoother = new PosteriorSmoother({classCount: 2, windowLength: 2});
    smoothAll(smoother, [[0, 1]]);
    const row = Float32Array.of(1, 0);
    smoother.push(row, row);
    expect([...row]).toEqual([0.5, 0.5]);
  });

  it('shows no rounding drift after a million inferences', () => {
    const smoother = new PosteriorSmoother({classCount: 1, windowLength: 5});
    const row = Float32Array.of(0.1);
    const out = new Float32Array(1);
    for (let inference = 0; inference < 1_000_000; inference++) smoother.push(row, out);
    expect(out[0]).toBe(row[0]);
  });

  it.each([0, -1, 1.5, NaN])('refuses a window of %s inferences', (windowLength) => {
    expect(() => new PosteriorSmoother({classCount: 2, windowLength})).toThrow(
      `windowLength: got ${windowLength}, expected a positive integer`,
    );
  });

  it('refuses a longer window than it was made for', () => {
    const smoother = new PosteriorSmoother({classCount: 2, windowLength: 3});
    expect(() => smoother.setWindowLength(4)).toThrow('windowLength: got 4, expected at most 3');
  });
});
