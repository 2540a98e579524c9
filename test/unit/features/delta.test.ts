import {describe, expect, it} from 'vitest';
import {applyDelta, createDelta} from '../../../src/features/delta.ts';
import {DeltaStream} from '../../../src/features/delta-stream.ts';
import {maxAbsDifference} from '../../support/arrays.ts';

describe('createDelta', () => {
  it("gives Savitzky and Golay's taps of 9 rows", () => {
    const slope = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((k) => k / 60);
    const curvature = [28, 7, -8, -17, -20, -17, -8, 7, 28].map((tap) => tap / 462);
    expect(maxAbsDifference(createDelta('slope', 4, 1).taps, slope)).toBeLessThan(1e-15);
    expect(maxAbsDifference(createDelta('curvature', 4, 1).taps, curvature)).toBeLessThan(1e-15);
  });

  it('refuses counts that are not positive integers', () => {
    expect(() => createDelta('slope', 0, 13)).toThrow('halfWidth: got 0, expected a positive integer');
    expect(() => createDelta('slope', 4, 1.5)).toThrow('columnCount: got 1.5, expected a positive integer');
  });
});

/** Rows [values of 3 + 2t, of 5t²] over time t. */
const lineAndParabola = (rowCount: number): readonly (readonly [number, number])[] =>
  Array.from({length: rowCount}, (_, t) => [3 + 2 * t, 5 * t * t]);

describe('applyDelta', () => {
  it('gives the slope of a line and the second derivative of a parabola, column by column', () => {
    const rows = Float32Array.from([[9, 9], ...lineAndParabola(5)].flat());
    const out = new Float32Array(5).fill(-1);
    applyDelta(createDelta('slope', 2, 2), rows, 2, out, 1);
    expect(maxAbsDifference(out, [-1, 2, 20, -1, -1])).toBeLessThan(1e-5);
    applyDelta(createDelta('curvature', 2, 2), rows, 2, out, 1);
    expect(maxAbsDifference(out, [-1, 0, 10, -1, -1])).toBeLessThan(1e-5);
  });
});

/** What a stream makes of rows, 6 values each: and how many rows came after each push, and at the end. */
function run(stream: DeltaStream, rows: readonly (readonly number[])[]) {
  const out = new Float32Array(stream.maxRows * 6);
  const result: number[][] = [];
  const take = (count: number): number => {
    for (let row = 0; row < count; row++)
      result.push([...out.subarray(6 * row, 6 * row + 6)].map((value) => Math.round(value) + 0)); // no −0
    return count;
  };
  const counts = rows.map((row) => take(stream.push(Float32Array.from(row), out)));
  return {counts: [...counts, take(stream.finish(out))], result};
}

describe('DeltaStream', () => {
  it('writes the values, slopes and curvatures of every row, the outermost ones at the ends', () => {
    const {counts, result} = run(new DeltaStream(2, 2), lineAndParabola(7));
    expect(counts).toEqual([0, 0, 0, 0, 3, 1, 1, 2]);
    expect(result).toEqual([
      [3, 0, 2, 20, 0, 10],
      [5, 5, 2, 20, 0, 10],
      [7, 20, 2, 20, 0, 10],
      [9, 45, 2, 30, 0, 10],
      [11, 80, 2, 40, 0, 10],
      [13, 125, 2, 40, 0, 10],
      [15, 180, 2, 40, 0, 10],
    ]);
  });

  it('writes nothing of an utterance that is too short for a slope, and begins anew after a reset', () => {
    const stream = new DeltaStream(2, 2);
    expect(run(stream, lineAndParabola(4)).result).toEqual([]);
    stream.reset();
    expect(run(stream, lineAndParabola(5)).counts).toEqual([0, 0, 0, 0, 3, 2]);
  });
});
