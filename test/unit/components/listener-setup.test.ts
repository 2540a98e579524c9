import {describe, expect, test} from 'vitest';
import {
  optionalNumber,
  optionalText,
  optionalThreshold,
  textOr,
} from '../../../src/components/attribute-converters.ts';
import {keywordsOf, setupOf, type ListenerProperties} from '../../../src/components/listener-setup.ts';

const untouched: ListenerProperties = {
  model: 'earshot-kws',
  keywords: '',
  threshold: undefined,
  assetBase: undefined,
  mirror: undefined,
  askAbove: undefined,
  engine: undefined,
  engineBudgetMs: undefined,
  numerics: undefined,
  threadCount: undefined,
  incremental: false,
  weights: undefined,
  allowUnverified: false,
};

describe('what a spotter is made from', () => {
  test('leaves out what the page did not set, so that the defaults hold', () => {
    expect(setupOf(untouched)).toEqual({systemId: 'earshot-kws', allowUnverified: false});
  });

  test('takes over all that the page set, a threshold of 0 too', () => {
    const weights = new Blob();
    const setup = setupOf({
      model: 'micronet-large',
      keywords: '  yes no\n stop ',
      threshold: 0,
      assetBase: '/earshot/',
      mirror: '/models/',
      askAbove: 5,
      engine: 'auto',
      engineBudgetMs: 0,
      numerics: 'int8-exact',
      threadCount: 2,
      incremental: true,
      weights,
      allowUnverified: true,
    });
    expect(setup).toEqual({
      systemId: 'micronet-large',
      keywords: ['yes', 'no', 'stop'],
      threshold: 0,
      assetBase: '/earshot/',
      mirror: '/models/',
      askAbove: 5,
      engine: 'auto',
      engineBudgetMs: 0,
      numerics: 'int8-exact',
      threadCount: 2,
      incremental: true,
      weights,
      allowUnverified: true,
    });
  });
});

describe('the keywords that are shown', () => {
  test('are those asked for, in the order of the page', () => {
    expect(keywordsOf({model: 'micronet-large', keywords: 'stop go'})).toEqual(['stop', 'go']);
  });

  test('are all of the system before it is loaded, without silence and unknown', () => {
    const keywords = keywordsOf({model: 'ds-cnn-clustered', keywords: ' '});
    expect(keywords).toEqual(['yes', 'no', 'up', 'down', 'left', 'right', 'on', 'off', 'stop', 'go']);
  });

  test('are none for a system that nobody knows', () => {
    expect(keywordsOf({model: 'nobody', keywords: ''})).toEqual([]);
  });
});

test.each([
  [null, undefined],
  ['', undefined],
  ['  ', undefined],
  ['0', 0],
  ['0.8', 0.8],
  [' auto:0.5/h ', 'auto:0.5/h'],
  ['loud', 'loud'], // for the spotter to refuse
])('the attribute %o is the threshold %o', (attribute, property) => {
  expect(optionalThreshold.fromAttribute?.(attribute)).toBe(property);
});

test.each([
  [null, undefined],
  [' ', undefined],
  ['0', 0],
  ['750', 750],
  ['soon', NaN], // for the spotter to refuse
])('the attribute %o is the number %o', (attribute, property) => {
  expect(optionalNumber.fromAttribute?.(attribute)).toBe(property);
});

test.each([
  [null, undefined],
  ['', undefined],
  [' onnx ', 'onnx'],
])('the attribute %o is the text %o', (attribute, property) => {
  expect(optionalText.fromAttribute?.(attribute)).toBe(property);
});

test.each([
  [null, 'earshot-kws'],
  ['', 'earshot-kws'],
  [' micronet-large ', 'micronet-large'],
])('the attribute %o with a fallback is the text %o', (attribute, property) => {
  expect(textOr('earshot-kws').fromAttribute?.(attribute)).toBe(property);
});
