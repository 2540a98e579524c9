import {describe, expect, it} from 'vitest';
import {matchDetections, perHour, scoreDetections} from '../../../src/evaluate/detection-score.ts';

const word = (keyword: string, startTime: number, endTime = startTime + 400) => ({
  keyword,
  startTime,
  endTime,
});
const detection = (keyword: string, endTime: number) => ({keyword, endTime});

describe('matchDetections', () => {
  it('calls a detection a hit up to the tolerance on either side, and not beyond', () => {
    const words = [word('yes', 1000, 1400)];
    for (const endTime of [500, 1000, 1400, 1900]) {
      expect(matchDetections(words, [detection('yes', endTime)], 500).hits, `${endTime}`).toHaveLength(1);
    }
    for (const endTime of [499, 1901]) {
      const match = matchDetections(words, [detection('yes', endTime)], 500);
      expect([match.hits.length, match.misses, match.falseAccepts.length]).toEqual([0, words, 1]);
    }
  });

  it('does not let one keyword stand for another', () => {
    const match = matchDetections([word('yes', 0)], [detection('no', 300)]);
    expect([match.hits.length, match.misses.length, match.falseAccepts.length]).toEqual([0, 1, 1]);
  });

  it('counts the second detection of one word as a false accept', () => {
    const match = matchDetections([word('yes', 0)], [detection('yes', 300), detection('yes', 500)]);
    expect(match.falseAccepts).toEqual([detection('yes', 500)]);
    expect(match.hits[0]?.detection).toEqual(detection('yes', 300));
  });

  it('pairs so that nothing is missed where a pairing without a miss exists', () => {
    // the first detection fits both words, the second only the later one
    const words = [word('yes', 1000, 1200), word('yes', 0, 200)];
    const match = matchDetections(words, [detection('yes', 1500), detection('yes', 600)], 500);
    expect(match.misses).toEqual([]);
    expect(match.hits.map((hit) => [hit.word.startTime, hit.detection.endTime])).toEqual([
      [0, 600],
      [1000, 1500],
    ]);
  });

  it('takes any order of words and detections and changes neither', () => {
    const words = Object.freeze([word('no', 5000), word('yes', 0)]);
    const detections = Object.freeze([detection('no', 5300), detection('yes', 300)]);
    expect(matchDetections(words, detections).hits).toHaveLength(2);
  });

  it('refuses a negative tolerance', () => {
    expect(() => matchDetections([], [], -1)).toThrow(RangeError);
    expect(() => matchDetections([], [], NaN)).toThrow(RangeError);
  });
});

describe('scoreDetections', () => {
  it('adds up recordings and gives rates per word and per hour of audio', () => {
    const matches = [
      matchDetections([word('yes', 0), word('no', 3000)], [detection('yes', 300)]),
      matchDetections([], [detection('go', 100), detection('go', 9000)]),
    ];
    expect(scoreDetections(matches, 1_800_000)).toEqual({
      wordCount: 2,
      hitCount: 1,
      missCount: 1,
      falseRejectRate: 0.5,
      falseAcceptCount: 2,
      falseAcceptsPerHour: 4,
    });
  });

  it('has no reject rate where nothing was said', () => {
    expect(scoreDetections([matchDetections([], [])], 1000).falseRejectRate).toBeNaN();
  });

  it('counts per hour of audio', () => {
    expect(perHour(3, 3_600_000)).toBe(3);
    expect(perHour(1, 60_000)).toBe(60);
  });
});
