import {expect, test} from 'vitest';
import {chooseLanguageModel} from '../../../src/systems/choose-language-model.ts';

const engine = {engine: 'tfjs', numerics: 'float32'} as const;
const withModel = {defaults: {...engine, languageModel: 'built-in'}} as const;
const without = {defaults: engine};

test.each([
  ['the card’s', withModel, undefined, undefined, 'built-in'],
  ['none where the card has none', without, undefined, undefined, undefined],
  ['what is asked for', without, 'mine.bin', 'beam', 'mine.bin'],
  ['none where none is asked for', withModel, 'none', undefined, undefined],
  ['none for the greedy search', withModel, undefined, 'greedy', undefined],
] as const)('a transcriber loads %s', (_, card, asked, decoding, expected) => {
  expect(chooseLanguageModel(card, asked, decoding)).toBe(expected);
});
