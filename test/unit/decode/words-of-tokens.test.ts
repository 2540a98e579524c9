import {describe, expect, it} from 'vitest';
import {createLexicon} from '../../../src/decode/create-lexicon.ts';
import {openNgramModel} from '../../../src/decode/ngram-model.ts';
import {WordsOfTokens} from '../../../src/decode/words-of-tokens.ts';
import {indexPhones} from '../../../src/pipeline/word-knowledge.ts';
import {PHONES, unigramModel} from '../../support/phone-words.ts';

const phones = indexPhones(PHONES);
const {spaceId} = PHONES;
const lexicon = createLexicon(
  [
    {word: 'to', tokens: ['T', 'UW']},
    {word: 'two', tokens: ['T', 'UW']},
    {word: 'an', tokens: ['AE', 'N']},
    {word: 'ant', tokens: ['AE', 'N', 'T']},
    {word: 'antler', tokens: ['AE', 'N', 'T', 'L', 'ER']},
  ],
  phones,
);
const model = openNgramModel(
  unigramModel({to: -2, two: -1, an: -1, ant: -3, antler: -4}).buffer as ArrayBuffer,
);

/** Tokens of phones with spaces between words. */
function tokensOf(text: string): number[] {
  return text.split(' ').map((phone) => (phone === '|' ? spaceId : (phones.get(phone) ?? -1)));
}

describe('the words of tokens', () => {
  const words = new WordsOfTokens({lexicon, spaceId, model});

  it('are those between spaces, however many', () => {
    expect(words.read(tokensOf('| AE N | | T UW |'))).toEqual(['an', 'two']);
    expect(words.read([])).toEqual([]);
    expect(words.read(tokensOf('|'))).toEqual([]);
  });

  it('are the likeliest of those spelled alike, without a model the first', () => {
    expect(words.read(tokensOf('T UW'))).toEqual(['two']);
    expect(new WordsOfTokens({lexicon, spaceId}).read(tokensOf('T UW'))).toEqual(['to']);
  });

  it('are the preferred ones where the preference outweighs the model', () => {
    const prefer = (preference: number): WordsOfTokens =>
      new WordsOfTokens({lexicon, spaceId, model, preferences: Float64Array.of(preference, 0, 0, 0, 0)});
    expect(prefer(2.4).read(tokensOf('T UW'))).toEqual(['to']);
    expect(prefer(2.2).read(tokensOf('T UW'))).toEqual(['two']); // ln 10 is 2.303
  });

  it('end in the longest that the open one begins with', () => {
    const read = (text: string): readonly (string | undefined)[] =>
      words.read(tokensOf(`T UW | ${text}`)).slice(1);
    expect(read('AE')).toEqual([undefined]);
    expect(read('AE N')).toEqual(['an']);
    expect(read('AE N T L')).toEqual(['ant']);
    expect(read('AE N T L ER')).toEqual(['antler']);
    expect(read('AE N T L ER ER')).toEqual(['antler']);
  });

  it('are undefined where a closed one is none of the lexicon', () => {
    expect(words.read(tokensOf('AE N T L | T UW | UW |'))).toEqual([undefined, 'two', undefined]);
  });
});
