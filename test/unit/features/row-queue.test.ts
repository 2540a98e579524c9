import {describe, expect, it} from 'vitest';
import {RowQueue} from '../../../src/features/row-queue.ts';
import {seededRandom} from '../../support/prng.ts';

describe('RowQueue', () => {
  it('gives rows in the order they came, as many as fit, whatever the sizes (seeded)', () => {
    const random = seededRandom(8);
    const queue = new RowQueue(3);
    let pushed = 0;
    let shifted = 0;
    for (let step = 0; step < 300; step++) {
      const count = random.integer(0, 9);
      queue.push(
        Float32Array.from({length: 3 * count + 2}, (_, index) => 3 * pushed + index),
        count,
      );
      pushed += count;
      const out = new Float32Array(3 * random.integer(0, 9) + 2).fill(NaN);
      const got = queue.shiftInto(out);
      const expected = Array.from({length: 3 * got}, (_, index) => 3 * shifted + index);
      expect([...out.subarray(0, 3 * got)], 'seed 8').toEqual(expected);
      expect(out.subarray(3 * got).every(Number.isNaN), 'seed 8').toBe(true);
      shifted += got;
      expect(queue.rowCount, 'seed 8').toBe(pushed - shifted);
    }
  });

  it('lets the waiting rows be changed where they are, and forgets them', () => {
    const queue = new RowQueue(2);
    queue.push(Float32Array.of(1, 2, 3, 4), 2);
    queue.rows[3] = 9;
    expect([...queue.rows]).toEqual([1, 2, 3, 9]);
    queue.clear();
    expect(queue.rowCount).toBe(0);
    expect(queue.shiftInto(new Float32Array(4))).toBe(0);
  });
});
