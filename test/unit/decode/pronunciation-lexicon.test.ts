import {describe, expect, it} from 'vitest';
import {LexiconError} from '../../../src/decode/lexicon-error.ts';
import {openPronunciationLexicon} from '../../../src/decode/pronunciation-lexicon.ts';
import {lexiconBytes} from '../../support/phone-words.ts';

describe('a pronunciation lexicon', () => {
  const lexicon = openPronunciationLexicon(
    lexiconBytes({"'s": ['Z'], a: ['AH', 'EY'], an: ['AE N'], ann: ['AE N']}),
  );

  it('gives each word its pronunciations, the first one first', () => {
    expect(lexicon.wordCount).toBe(4);
    expect(lexicon.pronunciationsOf('a')).toEqual([['AH'], ['EY']]);
    expect(lexicon.pronunciationsOf('ann')).toEqual([['AE', 'N']]);
    expect(lexicon.pronunciationsOf("'s")).toEqual([['Z']]);
  });

  it.each(['', 'b', 'anna', 'A', '\t', 'é', 'earshot-lexicon 1', 'AA'])('has nothing for "%s"', (word) => {
    expect(lexicon.pronunciationsOf(word)).toEqual([]);
  });

  it.each([
    ['nothing', '', 'got a lexicon that begins with "", expected "earshot-lexicon 1"'],
    ['something else', '\\data\\\n', 'got a lexicon that begins with "\\data\\\n", expected'],
    [
      'another version',
      'earshot-lexicon 2\n',
      'got a lexicon that begins with "earshot-lexicon 2", expected',
    ],
    ['no words', 'earshot-lexicon 1\nAA\n', 'got a lexicon of 2 lines with 1 phones, expected'],
    [
      'no phones',
      'earshot-lexicon 1\n\na\tA\n',
      'got a lexicon of 3 lines with 0 phones, expected a line of 1 to 52',
    ],
  ])('is refused with %s', (_, text, message) => {
    const bytes = new TextEncoder().encode(text);
    expect(() => openPronunciationLexicon(bytes)).toThrow(LexiconError);
    expect(() => openPronunciationLexicon(bytes)).toThrow(message);
  });
});
