import {describe, expect, it} from 'vitest';
import {padRows} from '../../../src/pipeline/pad-rows.ts';
import {planWindows, plannedWindow} from '../../../src/pipeline/plan-windows.ts';
import type {WindowPlan} from '../../../src/systems/transcription-system.ts';

// unlike the published one (test/golden/wav2letter-front-end.test.ts) in every number
const plan: WindowPlan = {
  windowFrames: 24,
  leftContextFrames: 8,
  rightContextFrames: 4,
  subsamplingFactor: 4,
};

describe('planWindows', () => {
  it.each([0, 1, 23, 24, 25, 28, 35, 36, 37, 48, 101])(
    'takes every output of %i frames from just one window, away from its cut edges',
    (frames) => {
      const {frameCount, outputCount, windows} = planWindows(plan, frames);
      expect(frameCount % 4).toBe(0);
      expect(frameCount - Math.max(24, frames)).toBeLessThan(4);
      expect(outputCount).toBe(Math.floor(frames / 4));
      let next = 0;
      for (const {firstFrame, firstOutput, endOutput} of windows) {
        expect(firstFrame / 4 + firstOutput).toBe(next);
        expect(firstFrame + 24).toBeLessThanOrEqual(frameCount);
        if (firstFrame > 0) expect(firstOutput).toBeGreaterThanOrEqual(2);
        if (firstFrame + 24 < frameCount) expect(endOutput).toBeLessThanOrEqual(5);
        next = firstFrame / 4 + endOutput;
      }
      expect(next).toBe(frameCount / 4);
    },
  );

  it('plans all windows but the last before the end is known', () => {
    const {windows} = planWindows(plan, 101);
    expect(windows.slice(0, -1)).toEqual(windows.slice(0, -1).map((_, index) => plannedWindow(plan, index)));
    expect(windows.length).toBeGreaterThan(5);
  });

  it('refuses counts that make no sense', () => {
    expect(() => planWindows(plan, -1)).toThrow('frames: got -1, expected a whole number of at least 0');
    expect(() => planWindows({...plan, leftContextFrames: 20}, 1)).toThrow(
      'window plan: got 24 − 20 − 4 frames, expected multiples of 4 that leave some',
    );
    expect(() => planWindows({...plan, leftContextFrames: 6}, 1)).toThrow(RangeError);
  });
});

describe('padRows', () => {
  const rows = (): Int8Array => Int8Array.of(1, 2, 3, 4, 5, 6, 9, 9, 9, 9, 9, 9);

  it('fills with zeros', () => {
    const padded = rows();
    padRows(padded, 3, {...plan, windowFrames: 5}, 2);
    expect([...padded]).toEqual([1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0]);
  });

  it('fills a window with the last two rows by turns, and what is behind it with zeros', () => {
    const padded = rows();
    padRows(padded, 3, {...plan, windowFrames: 5, padding: 'last-two-rows'}, 2);
    expect([...padded]).toEqual([1, 2, 3, 4, 5, 6, 3, 4, 5, 6, 0, 0]);
  });

  it('fills with zeros where there are no two rows', () => {
    const padded = Float32Array.of(7, 8, 9, 9);
    padRows(padded, 1, {...plan, windowFrames: 2, padding: 'last-two-rows'}, 2);
    expect([...padded]).toEqual([7, 8, 0, 0]);
  });
});
