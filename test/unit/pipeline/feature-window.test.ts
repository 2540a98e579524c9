import {expect, it} from 'vitest';
import {FeatureWindow} from '../../../src/pipeline/feature-window.ts';

function pushRow(window: FeatureWindow, row: readonly number[]): void {
  const offset = window.nextRowOffset();
  window.rows.set(row, offset);
}

it('gives its rows oldest first, however often the ring has wrapped', () => {
  const window = new FeatureWindow(3, 2);
  for (let row = 0; row < 8; row++) pushRow(window, [row, -row]);
  const out = new Float32Array(6);
  window.copyInto(out);
  expect([...out]).toEqual([5, -5, 6, -6, 7, -7]);
});

it('is full once every row was written, and empty again after a reset', () => {
  const window = new FeatureWindow(2, 1);
  pushRow(window, [1]);
  expect(window.isFull).toBe(false);
  pushRow(window, [2]);
  expect(window.isFull).toBe(true);
  window.reset();
  expect(window.isFull).toBe(false);
});
