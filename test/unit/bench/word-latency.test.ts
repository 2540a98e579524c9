import {describe, expect, test} from 'vitest';
import {findWords, measureWordLatencies} from '../../../bench/transcription/word-latency.ts';

const words = (text: string): readonly string[] => text.split(' ');
const found = (spoken: string, text: string): string =>
  findWords(words(spoken), words(text))
    .map((isFound, index) => (isFound ? words(spoken)[index] : '–'))
    .join(' ');

test('words are found in their order, the most of them', () => {
  expect(found('the cat and the dog', 'the cat and the dog')).toBe('the cat and the dog');
  expect(found('the cat and the dog', 'a cat or the dogs')).toBe('– cat – the –');
  expect(found('one two three', 'two three one')).toBe('– two three');
  expect(found('one two', '')).toBe('– –');
});

test('a text that has said as much so far has the first words', () => {
  expect(found('the cat and the dog', 'the')).toBe('the – – – –');
  expect(found('one two', 'two one')).toBe('one –');
});

describe('the latency of a word', () => {
  const spoken = [
    {text: 'right', startMs: 1000, endMs: 1300},
    {text: 'now', startMs: 1400, endMs: 1600},
  ];

  test('is from its end until it is there, and until it goes no more', () => {
    const texts = [
      {kind: 'partial', text: 'Right', ms: 1900},
      {kind: 'partial', text: 'write now', ms: 2100},
      {kind: 'partial', text: 'right now', ms: 2200},
      {kind: 'final', text: 'right now', ms: 2600},
    ] as const;
    expect(measureWordLatencies(spoken, texts)).toEqual([
      {text: 'right', firstMs: 600, forGoodMs: 900},
      {text: 'now', firstMs: 500, forGoodMs: 500},
    ]);
  });

  test('is none where the last text lacks it', () => {
    const texts = [
      {kind: 'partial', text: 'right', ms: 1900},
      {kind: 'final', text: 'write now', ms: 2600},
    ] as const;
    expect(measureWordLatencies(spoken, texts)).toEqual([{text: 'now', firstMs: 1000, forGoodMs: 1000}]);
  });

  test('counts from no text that came before the word was begun', () => {
    const texts = [
      {kind: 'partial', text: 'right', ms: 500},
      {kind: 'partial', text: 'bright', ms: 1500},
      {kind: 'final', text: 'right', ms: 1900},
    ] as const;
    expect(measureWordLatencies(spoken, texts)).toEqual([{text: 'right', firstMs: 600, forGoodMs: 600}]);
  });

  test('goes by the finals before and the partial behind them', () => {
    const texts = [
      {kind: 'final', text: 'right', ms: 1900},
      {kind: 'partial', text: 'now', ms: 2200},
      {kind: 'final', text: 'now', ms: 2500},
    ] as const;
    expect(measureWordLatencies(spoken, texts)).toEqual([
      {text: 'right', firstMs: 600, forGoodMs: 600},
      {text: 'now', firstMs: 600, forGoodMs: 600},
    ]);
  });
});
