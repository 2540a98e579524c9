import {describe, expect, it} from 'vitest';
import {WordSpanFinder} from '../../../src/decode/word-span.ts';

const HOP = 320;
const QUIET = -70;
const LOUD = -20;

/** A finder that has heard frames of 20 ms of these loudnesses. */
function heard(...pieces: readonly (readonly [frames: number, levelDb: number])[]): WordSpanFinder {
  const finder = new WordSpanFinder({
    windowLength: 640,
    hopLength: HOP,
    frameCount: 100,
    sampleRateHz: 16000,
  });
  let frameEnd = 640;
  for (const [frames, levelDb] of pieces) {
    for (let frame = 0; frame < frames; frame++, frameEnd += HOP) finder.push(levelDb, frameEnd);
  }
  return finder;
}

const framesOf = (span: {startSample: number; endSample: number} | undefined): readonly number[] =>
  span ? [Math.round(span.startSample / HOP), Math.round(span.endSample / HOP)] : [];

describe('the span of a word', () => {
  it('is its stretch of sound', () => {
    const finder = heard([50, QUIET], [20, LOUD], [15, QUIET]);
    expect(framesOf(finder.find(80 * HOP))).toEqual([51, 71]); // half a hop in, as frames overlap by half
  });

  it('includes quiet closures and weak endings, not the clicks around it', () => {
    const stop = heard(
      [30, QUIET],
      [8, LOUD],
      [5, QUIET],
      [6, LOUD - 15],
      [12, QUIET],
      [2, LOUD],
      [8, QUIET],
    );
    expect(framesOf(stop.find(71 * HOP))).toEqual([31, 50]);
  });

  it('is the word before the one that began after the detection', () => {
    const finder = heard([30, QUIET], [15, LOUD], [10, QUIET], [10, LOUD]);
    expect(framesOf(finder.find(50 * HOP))).toEqual([31, 46]);
  });

  it('ends with the newest frame where the word still goes on', () => {
    const finder = heard([40, QUIET], [12, LOUD]);
    expect(framesOf(finder.find(50 * HOP))).toEqual([41, 53]);
  });

  it('is measured against the background, whatever that is', () => {
    const finder = heard([60, -35], [15, LOUD], [10, -35]);
    expect(framesOf(finder.find(80 * HOP))).toEqual([61, 76]);
  });
});

describe('no span is told', () => {
  it('of silence, of a click, of sound without an end', () => {
    expect(heard([90, QUIET]).find(90 * HOP)).toBeUndefined();
    expect(heard([50, QUIET], [2, LOUD], [30, QUIET]).find(80 * HOP)).toBeUndefined();
    expect(heard([30, QUIET], [70, LOUD]).find(90 * HOP)).toBeUndefined();
    expect(heard().find(0)).toBeUndefined();
  });

  it('of what was heard before a gap in the audio', () => {
    const finder = heard([50, QUIET], [20, LOUD], [15, QUIET]);
    finder.push(QUIET, 500 * HOP);
    expect(finder.find(80 * HOP)).toBeUndefined();
  });
});
