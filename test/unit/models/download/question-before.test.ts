import {describe, expect, it} from 'vitest';
import {questionBefore, savesData} from '../../../../src/models/download/question-before.ts';

const files = [
  {name: 'a', bytes: 4_000_000},
  {name: 'b', bytes: 6_000_000},
];

describe('a page is asked', () => {
  it.each([
    ['for more than it lets pass', files, {askAbove: 9.9}, 'size'],
    ['for anything where it says so', files, {askAbove: 0}, 'size'],
    ['for a size that nobody knows', [{name: 'c', bytes: undefined}], {askAbove: 50}, 'size'],
    ['where the visitor saves data', files, {askAbove: 50, savesData: true}, 'save-data'],
    ['by that reason only where its own does not hold', files, {askAbove: 5, savesData: true}, 'size'],
  ] as const)('%s', (_when, missing, options, reason) => {
    expect(questionBefore(missing, options)).toMatchObject({files: missing, reason});
  });

  it('with all the bytes that are known', () => {
    expect(questionBefore([...files, {name: 'c', bytes: undefined}], {askAbove: 1})?.totalBytes).toBe(
      10_000_000,
    );
  });
});

describe('a page is not asked', () => {
  it.each([
    ['where nothing is missing', [], {askAbove: 0, savesData: true}],
    ['for as much as it lets pass', files, {askAbove: 10}],
    ['where it has set no limit', [{name: 'c', bytes: undefined}], {}],
    [
      'for the built-in keyword model, even where the visitor saves data',
      [{name: 'c', bytes: 191_616}],
      {savesData: true},
    ],
  ])('%s', (_when, missing, options) => {
    expect(questionBefore(missing, options)).toBeUndefined();
  });

  it.each([-1, NaN])('above %j megabytes: that is a RangeError', (askAbove) => {
    expect(() => questionBefore(files, {askAbove})).toThrow(
      `got askAbove ${askAbove}, expected megabytes, 0 or more`,
    );
  });
});

describe('the wish to save data', () => {
  it.each([
    [{connection: {saveData: true}}, true],
    [{connection: {saveData: false}}, false],
    [{connection: {}}, false],
    [{}, false],
  ])('is read from %j', (navigator, expected) => {
    expect(savesData(navigator)).toBe(expected);
  });
});
