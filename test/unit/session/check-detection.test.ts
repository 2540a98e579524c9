import {expect, it} from 'vitest';
import {checkDetection} from '../../../src/session/check-detection.ts';

it('takes the detection options out of others, leaving absent ones absent', () => {
  const options = {threshold: 0.7, keywords: ['yes'], assetBase: '/earshot/'};
  expect(checkDetection(options)).toEqual({threshold: 0.7, keywords: ['yes']});
  expect(checkDetection({})).toEqual({});
});

it('copies the keywords, so that neither a later change nor a proxy of them reaches the worker', () => {
  const keywords = new Proxy(['yes'], {});
  const checked = checkDetection({keywords});
  expect(structuredClone(checked)).toEqual({keywords: ['yes']});
});

it.each([
  [{threshold: 1.5}, 'threshold 1.5'],
  [{threshold: 0}, 'threshold 0'],
  [{threshold: NaN}, 'threshold NaN'],
  [{hopMs: 0}, 'hopMs 0'],
  [{smoothingMs: 1e9}, 'smoothingMs 1000000000'],
  [{refractoryMs: -1}, 'refractoryMs -1'],
  [{keywords: []}, 'no keywords'],
])('refuses %o, saying what it got', (options, got) => {
  expect(() => checkDetection(options)).toThrow(RangeError);
  expect(() => checkDetection(options)).toThrow(got);
});
