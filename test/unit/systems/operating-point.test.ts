import {describe, expect, test} from 'vitest';
import type {KeywordCard} from '../../../src/systems/card.ts';
import {cards} from '../../../src/systems/cards.ts';
import {resolveThreshold} from '../../../src/systems/operating-point.ts';
import {fakeKeywordSystem} from '../../support/fake-keyword-system.ts';

const withoutCurve: KeywordCard = fakeKeywordSystem.card;
const withCurve: KeywordCard = {
  ...withoutCurve,
  operatingCurve: [
    {threshold: 0.5, falseRejectRate: 0.05, falseAcceptsPerHour: 6},
    {threshold: 0.8, falseRejectRate: 0.15, falseAcceptsPerHour: 2},
    {threshold: 0.7, falseRejectRate: 0.1, falseAcceptsPerHour: 2},
    {threshold: 0.85, falseRejectRate: 0.2, falseAcceptsPerHour: 0.5},
    {threshold: 0.9, falseRejectRate: 0.2, falseAcceptsPerHour: 0.3},
  ],
};

describe('a threshold', () => {
  test.each([
    [0.42, 0.42],
    ['0.42', 0.42],
    [' 1 ', 1],
    [7, 7], // its range is for the caller to check
  ])('that is the number %j is that number, with a curve or without', (choice, threshold) => {
    expect(resolveThreshold(choice, withCurve)).toBe(threshold);
    expect(resolveThreshold(choice, withoutCurve)).toBe(threshold);
  });

  test.each([
    ['auto:1000/h', 0.5],
    ['auto:6/h', 0.5], // at most, not below
    ['auto:5.99/h', 0.7], // fewest misses, not the first, nor the lowest rate
    ['auto:2./h', 0.7],
    ['auto:.5/h', 0.9], // of equal misses, fewer false accepts
    [' auto:0.3/h ', 0.9],
  ])(
    'of %j is that of the point with the fewest misses at no more false accepts: %f',
    (choice, threshold) => {
      expect(resolveThreshold(choice, withCurve)).toBe(threshold);
    },
  );

  test('leaves the curve in its order', () => {
    const order = withCurve.operatingCurve?.map(({threshold}) => threshold);
    resolveThreshold('auto:1/h', withCurve);
    expect(withCurve.operatingCurve?.map(({threshold}) => threshold)).toEqual(order);
  });
});

describe('refused with a RangeError, saying got and expected, is', () => {
  test.each([
    '',
    ' ',
    'loud',
    'auto',
    'auto:',
    'auto:/h',
    'auto:1',
    'auto:1/min',
    'auto:one/h',
    'auto:1e3/h',
    'auto: 1/h',
    'AUTO:1/h',
    'auto:0/h',
    'auto:0.00/h',
    'auto:-1/h',
    'auto:NaN/h',
    'auto:Infinity/h',
    'auto:1.2.3/h',
    'auto:1/h auto:2/h',
  ])('the text %j', (choice) => {
    expect(() => resolveThreshold(choice, withCurve)).toThrow(
      new RangeError(`got threshold "${choice}", expected a number 0…1 or auto:RATE/h with a RATE above 0`),
    );
  });

  test('a rate below that of every point', () => {
    expect(() => resolveThreshold('auto:0.29/h', withCurve)).toThrow(
      new RangeError(
        'got threshold "auto:0.29/h", expected at least 0.3/h, the lowest rate of the curve of fake',
      ),
    );
  });

  test('any rate where the card has no curve', () => {
    expect(() => resolveThreshold('auto:1/h', withoutCurve)).toThrow(
      new RangeError(
        'got threshold "auto:1/h", expected a number 0…1: the card of fake has no operating curve',
      ),
    );
  });
});

const keywordCards = cards.filter((card) => card.task === 'keyword-spotting');

describe.each(keywordCards.map((card) => [card.id, card] as const))('the card of %s', (_, card) => {
  const {operatingCurve = [], temperature = 1} = card;

  test('has a temperature above 0', () => {
    expect(temperature).toBeGreaterThan(0);
    expect(temperature).toBeLessThan(Infinity);
  });

  test('has a curve, where it has one, of possible values in which a higher threshold misses no less', () => {
    for (const [index, {threshold, falseRejectRate, falseAcceptsPerHour}] of operatingCurve.entries()) {
      const before = operatingCurve[index - 1] ?? {threshold: 0, falseRejectRate: 0};
      expect(threshold).toBeGreaterThan(Math.max(before.threshold, 0.0099));
      expect(threshold).toBeLessThanOrEqual(1);
      expect(falseRejectRate).toBeGreaterThanOrEqual(before.falseRejectRate);
      expect(falseRejectRate).toBeLessThanOrEqual(1);
      expect(falseAcceptsPerHour).toBeGreaterThanOrEqual(0);
      expect(falseAcceptsPerHour).toBeLessThan(Infinity);
    }
    if (card.operatingCurve) expect(operatingCurve.length).toBeGreaterThan(0);
  });
});

test('the default of the built-in network is its threshold of at most one false accept an hour', () => {
  const builtIn = cards.find(({id}) => id === 'earshot-kws') as KeywordCard;
  expect(resolveThreshold('auto:1/h', builtIn)).toBe(builtIn.defaults.threshold);
  expect(resolveThreshold('auto:0.5/h', builtIn)).toBeGreaterThan(builtIn.defaults.threshold);
});
