import {expect, test} from 'vitest';
import {clockTime} from '../../../src/components/clock-time.ts';
import {numberOr} from '../../../src/components/attribute-converters.ts';
import {
  setupOf,
  SETUP_PROPERTIES,
  type TranscriptProperties,
} from '../../../src/components/transcript-setup.ts';

const untouched: TranscriptProperties = {
  model: 'earshot-ctc',
  hotWords: '',
  allowUnverified: false,
  assetBase: undefined,
  mirror: undefined,
  askAbove: undefined,
  engine: undefined,
  numerics: undefined,
  threadCount: undefined,
  weights: undefined,
  languageModel: undefined,
  decoding: undefined,
  beamWidth: undefined,
  languageModelWeight: undefined,
  wordBonus: undefined,
  hotWordBoost: undefined,
  trailingSilenceMs: undefined,
  maxUtteranceMs: undefined,
  features: undefined,
  fullScale: undefined,
};

test('a transcriber is made without what the page did not set, so that the defaults hold', () => {
  expect(setupOf(untouched)).toEqual({systemId: 'earshot-ctc', allowUnverified: false});
});

test('a transcriber is made with all that the page set, a weight of 0 too', () => {
  const {model, ...set} = {
    model: 'wav2letter',
    allowUnverified: true,
    assetBase: '/earshot/',
    mirror: '/models/',
    askAbove: 0,
    engine: 'onnx',
    numerics: 'int8-exact',
    threadCount: 2,
    weights: new Blob(),
    languageModel: new Blob(),
    decoding: 'beam',
    beamWidth: 8,
    languageModelWeight: 0,
    wordBonus: -1,
    hotWordBoost: 2,
    trailingSilenceMs: 500,
    maxUtteranceMs: 9000,
    features: 'utterance',
    fullScale: 'unit',
  } as const;
  expect(setupOf({...set, model, hotWords: ' earshot  lit '})).toEqual({
    ...set,
    systemId: model,
    hotWords: ['earshot', 'lit'],
  });
});

test('hot words may be a list, with pronunciations', () => {
  const hotWords = ['New York', {text: 'Kwame', pronunciation: 'K W AA M EY'}];
  expect(setupOf({...untouched, hotWords}).hotWords).toEqual(hotWords);
});

test('every property that a transcriber is made from asks for a new one when it changes', () => {
  expect([...SETUP_PROPERTIES].sort()).toEqual(Object.keys(untouched).sort());
});

test.each([
  [0, '0:00'],
  [59_999, '0:59'],
  [60_000, '1:00'],
  [3_599_000, '59:59'],
  [36_061_000, '10:01:01'],
])('%d ms are %s on the clock', (timeMs, expected) => {
  expect(clockTime(timeMs)).toBe(expected);
});

test.each([
  [null, 0.5],
  [' ', 0.5],
  ['0', 0],
  ['0.8', 0.8],
  ['low', NaN],
])('the attribute %o with the fallback 0.5 is the number %o', (attribute, property) => {
  expect(numberOr(0.5).fromAttribute?.(attribute)).toBe(property);
});
