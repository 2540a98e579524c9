import {expect, it} from 'vitest';
import {hopFramesOf} from '../../../src/pipeline/hop-frames.ts';

const mfcc = {sampleRateHz: 16_000, hopLength: 320}; // 20 ms

it.each([
  [undefined, 5],
  [100, 5],
  [80, 4],
  [69, 3],
  [20, 1],
  [1, 1],
])('a hop of %s ms is %d frames', (hopMs, frames) => {
  expect(hopFramesOf(mfcc, hopMs)).toBe(frames);
});
