import {describe, expect, test} from 'vitest';
import {encodeNgramModel} from '../../../src/decode/encode-ngram-model.ts';
import {LanguageModelError} from '../../../src/decode/language-model-error.ts';
import {
  IMPOSSIBLE_LOG_PROB,
  openNgramModel,
  scoreEnd,
  scoreWord,
  spokenWords,
  type NgramModel,
} from '../../../src/decode/ngram-model.ts';
import {readArpa} from '../../../src/formats/arpa.ts';
import {formatArpa} from '../../support/reference-ngram.ts';

// powers of ten to read: a trigram model in which "a b c" is known and "b c" is not
const trigrams = formatArpa([
  ['-99 <s> -0.1', '-1 </s>', '-3 <unk>', '-0.5 a -0.2', '-0.6 b -0.3', '-0.7 c'],
  ['-0.4 <s> a -0.05', '-0.45 a b -0.01'],
  ['-0.35 <s> a b', '-0.25 a b c'],
]);

function open(arpa: string): NgramModel {
  return openNgramModel(encodeNgramModel(readArpa(arpa)));
}

/** ln P of each word of a sentence, and of its end; base 10, to compare with the model by eye. */
function score(model: NgramModel, sentence: string): number[] {
  const next = new Int32Array(1);
  let state = model.startState;
  const scores = sentence.split(' ').map((word) => {
    const logProb = scoreWord(model, state, model.wordIdOf(word), next);
    state = next[0]!;
    return logProb / Math.LN10;
  });
  return [...scores, scoreEnd(model, state) / Math.LN10];
}

function expectScores(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  got.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 12));
}

describe('scoreWord', () => {
  const model = open(trigrams);

  test('takes the longest n-gram, from the start of the sentence on', () => {
    expectScores(score(model, 'a b c'), [-0.4, -0.35, -0.25, -1]);
  });

  test('adds the back-off weight of every context that it shortens', () => {
    // b: backs off from <s>. b: no "b b", nor context longer than b. a: from b. c: no "a c", and "b a" is no n-gram.
    expectScores(score(model, 'b b a c'), [-0.1 - 0.6, -0.3 - 0.6, -0.3 - 0.5, -0.2 - 0.7, -1]);
    // the end after "a b": from "a b", then from "b"
    expectScores(score(model, 'a b'), [-0.4, -0.35, -0.01 - 0.3 - 1]);
  });

  test('scores an unknown word as <unk>, after which nothing is known', () => {
    expectScores(score(model, 'a zebra b'), [-0.4, -0.05 - 0.2 - 3, -0.6, -0.3 - 1]);
  });

  test('gives states that scores depend on, and no others', () => {
    const next = new Int32Array(1);
    scoreWord(model, model.startState, model.wordIdOf('c'), next);
    expect(next[0]).toBe(0); // "c" has neither children nor a back-off weight
    scoreWord(model, 0, model.wordIdOf('zebra'), next);
    expect(next[0]).toBe(0);
    scoreWord(model, 0, model.wordIdOf('a'), next);
    expect(next[0]).toBe(1 + model.wordIdOf('a'));
  });

  test('takes a model without <s>, </s> and <unk>', () => {
    const bare = open(formatArpa([['-0.5 a', '-0.6 b']]));
    expect([bare.order, bare.startState, bare.unknownId, bare.endId]).toEqual([1, 0, -1, -1]);
    expectScores(score(bare, 'a zebra b'), [-0.5, IMPOSSIBLE_LOG_PROB / Math.LN10, -0.6, 0]);
  });
});

describe('the vocabulary', () => {
  test('finds every word, in any script, and no other', () => {
    const words = ['zebra', 'a', 'ab', 'ä', '漢字', '😀', "o'clock", '￿'];
    const model = open(formatArpa([words.map((word) => `-1 ${word}`)]));
    for (const word of words) expect(model.wordOf(model.wordIdOf(word))).toBe(word);
    for (const word of ['', 'A', 'abc', 'zebr', '漢', '\ud83d']) expect(model.wordIdOf(word)).toBe(-1);
  });
});

describe('spokenWords', () => {
  test('gives the words without the marks', () => {
    expect(spokenWords(open(trigrams))).toEqual(['a', 'b', 'c']);
  });
});

describe('encodeNgramModel', () => {
  test.each([
    ['an n-gram twice', [['-1 a'], ['-1 a a', '-2 a a']], 'an n-gram of order 2 twice'],
    ['an n-gram without its context', [['-1 a', '-1 b'], ['-1 a a'], ['-1 a b a']], 'the 3-gram 0'],
    ['no words', [[]], 'a model without words'],
  ])('refuses %s', (_, levels, got) => {
    expect(() => open(formatArpa(levels))).toThrow(LanguageModelError);
    expect(() => open(formatArpa(levels))).toThrow(got);
  });

  test('refuses tables that no reader gives', () => {
    const table = {words: Int32Array.of(1), logProbs: Float64Array.of(-1), backoffs: Float64Array.of(0)};
    expect(() => encodeNgramModel({words: ['a'], tables: [table]})).toThrow('got word 1, expected 0 to 0');
    expect(() => encodeNgramModel({words: ['a'], tables: []})).toThrow('got order 0, expected 1 to 8');
    expect(() => encodeNgramModel({words: ['a', 'a'], tables: [table]})).toThrow('the word "a" twice');
    const infinite = {...table, words: Int32Array.of(0), logProbs: Float64Array.of(-Infinity)};
    expect(() => encodeNgramModel({words: ['a'], tables: [infinite]})).toThrow('expected numbers');
  });

  test('rounds by less than 1e-3 nat where there are more values than codes', () => {
    const count = 70_000;
    const words = Array.from({length: count}, (_, index) => `w${index}`);
    const logProbs = Float64Array.from(words, (_, index) => -4 - index / count);
    const table = {
      words: Int32Array.from(words, (_, index) => index),
      logProbs,
      backoffs: new Float64Array(count),
    };
    const model = openNgramModel(encodeNgramModel({words, tables: [table]}));
    const next = new Int32Array(1);
    const errors = words.map((word, index) =>
      Math.abs(scoreWord(model, 0, model.wordIdOf(word), next) - logProbs[index]! * Math.LN10),
    );
    expect(Math.max(...errors)).toBeLessThan(1e-3);
    expect(Math.max(...errors)).toBeGreaterThan(1e-5); // else nothing was rounded, and this shows nothing
  });
});
