import {expect, it} from 'vitest';
import {SampleHistory} from '../../../src/pipeline/sample-history.ts';

/** Samples that are their own index. */
function from(first: number, count: number): Float32Array {
  return Float32Array.from({length: count}, (_, index) => first + index);
}

it('gives the newest samples from an index on, over the end of its ring', () => {
  const history = new SampleHistory(10);
  for (let start = 0; start < 25; start += 5) history.push(from(start, 5));
  expect([...history.since(20)]).toEqual([20, 21, 22, 23, 24]);
  expect([...history.since(15)]).toHaveLength(10);
  expect([...history.since(3)]).toEqual([...from(15, 10)]);
  expect([...history.since(25)]).toEqual([]);
  expect([...history.since(99)]).toEqual([]);
});

it('may begin before 0, as a resampled stream does', () => {
  const history = new SampleHistory(8);
  history.reset(-3);
  history.push(from(-3, 5));
  expect([...history.since(-10)]).toEqual([-3, -2, -1, 0, 1]);
  expect([...history.since(0)]).toEqual([0, 1]);
});

it('holds nothing of before a reset', () => {
  const history = new SampleHistory(8);
  history.push(from(0, 8));
  history.reset(100);
  expect([...history.since(0)]).toEqual([]);
  history.push(from(100, 2));
  expect([...history.since(0)]).toEqual([100, 101]);
});
