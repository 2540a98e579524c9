import {describe, expect, test} from 'vitest';
import {readArpa} from '../../../src/formats/arpa.ts';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';

const good = `
a comment of some tool

\\data\\
ngram 1=3
ngram 2 = 2

\\1-grams:
-1.5\t<s>\t-0.25
-0.5 a
-2e-1\tb\t0.1

\\2-grams:
-0.75\t<s> a
-1 a b\r

\\end\\
what follows is not looked at`;

/** The message of the error that a damaged copy of the good file gives. */
function refusal(from: string, to: string): string {
  expect(good).toContain(from);
  try {
    readArpa(good.replace(from, to));
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFormatError);
    return (error as Error).message;
  }
  return 'no error';
}

describe('readArpa', () => {
  test('gives words and n-grams by order, whatever parts the fields', () => {
    const {words, tables} = readArpa(good);
    expect(words).toEqual(['<s>', 'a', 'b']);
    expect(tables.map(({words}) => [...words])).toEqual([
      [0, 1, 2],
      [0, 1, 1, 2],
    ]);
    expect(tables.map(({logProbs}) => [...logProbs])).toEqual([
      [-1.5, -0.5, -0.2],
      [-0.75, -1],
    ]);
    expect([...(tables[0]?.backoffs ?? [])]).toEqual([-0.25, 0, 0.1]);
  });

  test.each([
    ['too high a count', 'ngram 2 = 2', 'ngram 2=3', 'got "\\end\\" at line 17', '2-gram 3 of 3'],
    ['too low a count', 'ngram 2 = 2', 'ngram 2=1', 'got "-1 a b" at line 15', '"\\end\\"'],
    ['a count that no file of this size can hold', 'ngram 1=3', 'ngram 1=3000000000', 'line 5', 'fits into'],
    ['an order left out', 'ngram 2 = 2', 'ngram 3=2', 'line 6', 'ngram 2=…'],
    ['no counts', 'ngram 1=3\nngram 2 = 2', '', 'line 7', '"ngram 1=…"'],
    ['no data', '\\data\\', '', 'the end', '"\\data\\"'],
    ['a section left out', '\\2-grams:', '', 'line 14', '"\\2-grams:"'],
    ['no end', '\\end\\\nwhat follows is not looked at', '', 'the end', '"\\end\\"'],
    ['a word without a 1-gram', '<s> a', '<s> c', 'line 14', 'words that have a 1-gram'],
    ['a word twice', '-0.5 a', '-0.5 b', 'line 11', 'each word once'],
    ['a probability that is no number', '-0.75', 'NaN', 'line 14', 'numbers'],
    ['a back-off that is no number', '-0.25', '-0.2.5', 'line 9', 'numbers'],
    ['a probability above 1', '-0.75', '0.75', 'line 14', 'at most 0'],
    ['a word too few', '-1 a b', '-1 a', 'line 15', '2 words between'],
    ['a back-off at the highest order', '-1 a b', '-1 a b -0.5', 'line 15', 'the end'],
  ])('refuses %s', (_, from, to, got, expected) => {
    const message = refusal(from, to);
    expect(message).toContain(got);
    expect(message).toContain(expected);
  });

  test('refuses more orders than are taken, and an empty text', () => {
    const counts = Array.from({length: 9}, (_, index) => `ngram ${index + 1}=0`).join('\n');
    expect(() => readArpa(`\\data\\\n${counts}\n`)).toThrow('at most order 8');
    expect(() => readArpa('')).toThrow(ModelFormatError);
  });
});
