import {describe, expect, it} from 'vitest';
import {BlockStandardiser} from '../../../src/features/block-standardiser.ts';
import {maxAbsDifference} from '../../support/arrays.ts';

const options = {blockCount: 2, blockLength: 2, minDeviation: 1e-3, divisor: 'count'} as const;
// blocks [1 2 3 6] of mean 3, variance 3.5, and [7 7 7 7]
const rows = [1, 2, 7, 7, 3, 6, 7, 7];

describe('BlockStandardiser', () => {
  it('gives each block mean 0 and population deviation 1, and zeros where it is constant', () => {
    const standardiser = new BlockStandardiser(options);
    const out = Float32Array.from(rows);
    standardiser.add(out);
    standardiser.apply(out);
    const sd = Math.sqrt(3.5);
    expect(maxAbsDifference(out, [-2 / sd, -1 / sd, 0, 0, 0, 3 / sd, 0, 0])).toBeLessThan(1e-6);
  });

  it('divides by one less than the count where it is to, and gives 0 for a single value', () => {
    const standardiser = new BlockStandardiser({...options, divisor: 'count-less-one'});
    const out = Float32Array.from(rows);
    standardiser.add(out);
    standardiser.apply(out);
    const sd = Math.sqrt(14 / 3);
    expect(maxAbsDifference(out, [-2 / sd, -1 / sd, 0, 0, 0, 3 / sd, 0, 0])).toBeLessThan(1e-6);
    const single = new BlockStandardiser({...options, blockLength: 1, divisor: 'count-less-one'});
    const row = Float32Array.of(5, -3);
    single.add(row);
    single.apply(row);
    expect([...row]).toEqual([0, 0]);
  });

  it('takes the statistics of all rows added, however they came, and of none before a reset', () => {
    const standardiser = new BlockStandardiser(options);
    standardiser.add(Float32Array.of(100, -100, 3, 4));
    standardiser.reset();
    standardiser.add(Float32Array.from(rows.slice(0, 4)));
    standardiser.add(Float32Array.from(rows.slice(4)));
    const whole = new BlockStandardiser(options);
    whole.add(Float32Array.from(rows));
    const got = Float32Array.of(5, -5, 8, 9);
    const expected = got.slice();
    standardiser.apply(got);
    whole.apply(expected);
    expect(got).toEqual(expected);
  });
});
