import {expect, it} from 'vitest';
import {KeywordSpotter} from '../../../src/session/keyword-spotter.ts';

it.each([undefined, 1, 2, 64])('a page may ask for %s threads', (threadCount) => {
  expect(
    () => new KeywordSpotter('earshot-kws', threadCount === undefined ? {} : {threadCount}),
  ).not.toThrow();
});

it.each([0, -1, 1.5, NaN, 65, Infinity])('%d threads are refused at once', (threadCount) => {
  expect(() => new KeywordSpotter('earshot-kws', {threadCount})).toThrow(
    new RangeError(`got threadCount ${threadCount}, expected a whole number, 1…64`),
  );
});
