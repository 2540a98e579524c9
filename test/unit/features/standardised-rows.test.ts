import {describe, expect, it} from 'vitest';
import {StandardisedRows} from '../../../src/features/standardised-rows.ts';

const options = {blockCount: 1, blockLength: 2, minDeviation: 0, divisor: 'count'} as const;

function readAll(rows: StandardisedRows): readonly number[] {
  const out = new Float32Array(20);
  return [...out.subarray(0, 2 * rows.shiftInto(out))];
}

describe('StandardisedRows', () => {
  it('keeps rows until their step ends, and takes the statistics of all steps so far', () => {
    const rows = new StandardisedRows(options);
    rows.push(Float32Array.of(-2, 2, 99, 99), 1);
    expect(readAll(rows)).toEqual([]);
    rows.endStep();
    expect(readAll(rows)).toEqual([-1, 1]);
    rows.push(Float32Array.of(4, 4), 1);
    rows.endStep();
    // of −2, 2, 4, 4: mean 2, variance 6
    expect(readAll(rows)).toEqual([2 / Math.sqrt(6), 2 / Math.sqrt(6)].map(Math.fround));
  });

  it('ends a step without rows, and forgets all at a reset', () => {
    const rows = new StandardisedRows(options);
    rows.endStep();
    rows.push(Float32Array.of(100, 300), 1);
    rows.endStep();
    rows.push(Float32Array.of(7, 8), 1);
    rows.reset();
    rows.push(Float32Array.of(1, 3), 1);
    rows.endStep();
    expect(readAll(rows)).toEqual([-1, 1]);
  });
});
