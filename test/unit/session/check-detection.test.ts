import {expect, it} from 'vitest';
import {checkDetection} from '../../../src/session/check-detection.ts';
import {checkSystem} from '../../../src/session/keyword-cards.ts';
import type {ThresholdChoice} from '../../../src/systems/operating-point.ts';
import {fakeKeywordSystem} from '../../support/fake-keyword-system.ts';

const {card} = fakeKeywordSystem;

it('takes the detection options out of others, leaving absent ones absent', () => {
  const options = {threshold: 0.7, keywords: ['yes'], assetBase: '/earshot/'};
  expect(checkDetection(options, card)).toEqual({threshold: 0.7, keywords: ['yes']});
  expect(checkDetection({}, card)).toEqual({});
});

it('copies the keywords, so that neither a later change nor a proxy of them reaches the worker', () => {
  const keywords = new Proxy(['yes'], {});
  const checked = checkDetection({keywords}, card);
  expect(structuredClone(checked)).toEqual({keywords: ['yes']});
});

it('gives the worker the number that a rate of false accepts picks from the card', () => {
  const threshold = 'auto:7.5/h';
  const operatingCurve = [{threshold: 0.6, falseRejectRate: 0.1, falseAcceptsPerHour: 7.5}];
  expect(checkDetection({threshold}, {...card, operatingCurve})).toEqual({threshold: 0.6});
});

it('picks a threshold in range from the curve of the built-in system', () => {
  const {threshold = NaN} = checkDetection({threshold: 'auto:10000/h'}, checkSystem('earshot-kws'));
  expect(threshold).toBeGreaterThanOrEqual(0.01);
  expect(threshold).toBeLessThanOrEqual(1);
});

it.each([
  [{threshold: 1.5}, 'threshold 1.5'],
  [{threshold: 0}, 'threshold 0'],
  [{threshold: NaN}, 'threshold NaN'],
  [{threshold: '7' as ThresholdChoice}, 'threshold 7'], // from a framework that knows no types
  [{threshold: 'loud' as ThresholdChoice}, 'threshold "loud"'],
  [{threshold: 'auto:1/h' as const}, 'threshold "auto:1/h"'], // the card has no curve
  [{hopMs: 0}, 'hopMs 0'],
  [{smoothingMs: 1e9}, 'smoothingMs 1000000000'],
  [{refractoryMs: -1}, 'refractoryMs -1'],
  [{keywords: []}, 'no keywords'],
])('refuses %o, saying what it got', (options, got) => {
  expect(() => checkDetection(options, card)).toThrow(RangeError);
  expect(() => checkDetection(options, card)).toThrow(got);
});
