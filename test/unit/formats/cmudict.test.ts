import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {readCmudict} from '../../../src/formats/cmudict.ts';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';
import {hasShared, sharedPath} from '../../support/shared.ts';

const text = `;;; a comment
hello  HH AH0 L OW1
hello(2) HH EH0 L OW1 # another
\r
:) S M AY1 L
(2) T UW1
`;

describe('readCmudict', () => {
  test('gives every pronunciation, without stress', () => {
    expect(readCmudict(text)).toEqual([
      {word: 'hello', tokens: ['HH', 'AH', 'L', 'OW']},
      {word: 'hello', tokens: ['HH', 'EH', 'L', 'OW']},
      {word: ':)', tokens: ['S', 'M', 'AY', 'L']},
      {word: '(2)', tokens: ['T', 'UW']},
    ]);
  });

  test('keeps the stress where that is asked for', () => {
    expect(readCmudict(text, {stress: 'keep'})[1]?.tokens).toEqual(['HH', 'EH0', 'L', 'OW1']);
  });

  test.each([
    ['a word without phones', 'hello', 'no phones for "hello" at line 2'],
    ['a phone that is none', 'hello HH X', '"X" at line 2'],
    ['lower case', 'hello hh', '"hh" at line 2'],
    ['two digits', 'hello AH01', '"AH01" at line 2'],
  ])('refuses %s', (_, line, got) => {
    expect(() => readCmudict(`a AH0\n${line}\n`)).toThrow(ModelFormatError);
    expect(() => readCmudict(`a AH0\n${line}\n`)).toThrow(got);
  });

  test.skipIf(!hasShared)('reads the whole dictionary (skipped without the shared material)', () => {
    const all = readCmudict(readFileSync(sharedPath('text', 'cmudict-en-us.dict'), 'utf8'));
    expect(all).toHaveLength(134_860);
    expect(all.filter(({word}) => word === 'ab').map(({tokens}) => tokens.join(' '))).toEqual([
      'AE B',
      'EY B IY',
    ]);
  });
});
