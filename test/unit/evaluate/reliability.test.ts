import {describe, expect, it} from 'vitest';
import {
  computeExpectedCalibrationError,
  computeReliability,
  type ConfidentAnswer,
} from '../../../src/evaluate/reliability.ts';
import {seededRandom} from '../../support/prng.ts';

const right = (confidence: number): ConfidentAnswer => ({confidence, isRight: true});
const wrong = (confidence: number): ConfidentAnswer => ({confidence, isRight: false});

describe('the reliability of answers', () => {
  it('counts answers, mean confidence and share right by bin', () => {
    const bins = computeReliability([right(0.9), wrong(0.8), right(0.1)], 2);
    expect(bins).toEqual([
      {from: 0, to: 0.5, count: 1, meanConfidence: 0.1, rightShare: 1},
      {from: 0.5, to: 1, count: 2, meanConfidence: expect.closeTo(0.85, 12) as number, rightShare: 0.5},
    ]);
  });

  it('has fifteen bins, and NaN in the empty ones', () => {
    const bins = computeReliability([right(1)]);
    expect(bins).toHaveLength(15);
    expect(bins[0]).toEqual({from: 0, to: 1 / 15, count: 0, meanConfidence: NaN, rightShare: NaN});
    expect(bins[14]).toMatchObject({from: 14 / 15, to: 1, count: 1});
  });

  it('puts the upper end of every bin into that bin, and 0 into the first', () => {
    const ends = Array.from({length: 15}, (_, index) => right((index + 1) / 15));
    expect(computeReliability(ends).map(({count}) => count)).toEqual(Array(15).fill(1));
    expect(computeReliability([right(0)])[0]?.count).toBe(1);
  });

  it('takes a confidence that rounding left just above 1, and nothing else outside 0…1', () => {
    expect(computeReliability([right(1 + 2 ** -23)])[14]?.count).toBe(1);
    for (const confidence of [1.001, -0.001, NaN]) {
      expect(() => computeReliability([right(confidence)])).toThrow(
        `confidence: got ${confidence}, expected 0…1`,
      );
    }
    expect(() => computeReliability([], 0)).toThrow(RangeError);
  });
});

describe('the expected calibration error', () => {
  const errorOf = (answers: readonly ConfidentAnswer[], binCount?: number): number =>
    computeExpectedCalibrationError(computeReliability(answers, binCount));

  it('weighs each bin’s gap by its share of the answers', () => {
    // bins: |1 − 0.1| of 1 answer, |0.5 − 0.85| of 2
    expect(errorOf([right(0.9), wrong(0.8), right(0.1)], 2)).toBeCloseTo((0.9 + 2 * 0.35) / 3, 12);
  });

  it('is 0 for an oracle that is sure and 1 for one that is surely wrong', () => {
    expect(errorOf([right(1), right(1)])).toBe(0);
    expect(errorOf([wrong(1), wrong(1)])).toBe(1);
  });

  it('lets too sure and too unsure answers of one bin cancel, but not those of two', () => {
    const answers = [wrong(0.2), right(0.8)]; // both 0.2 off, in opposite directions
    expect(errorOf(answers, 1)).toBeCloseTo(0, 12);
    expect(errorOf(answers, 2)).toBeCloseTo(0.2, 12);
  });

  it('is near 0 where answers are right as often as they claim (seed 5)', () => {
    const random = seededRandom(5);
    const answers = Array.from({length: 20_000}, () => {
      const confidence = random.next();
      return {confidence, isRight: random.next() < confidence};
    });
    expect(errorOf(answers)).toBeLessThan(0.02);
    // the control: the same answers, each claimed to be surer
    expect(
      errorOf(answers.map((answer) => ({...answer, confidence: answer.confidence ** 0.5}))),
    ).toBeGreaterThan(0.1);
  });

  it('is NaN where nothing was answered', () => {
    expect(errorOf([])).toBeNaN();
  });
});
