import {describe, expect, it} from 'vitest';
import {LexiconError} from '../../../src/decode/lexicon-error.ts';
import {UtteranceDecoder} from '../../../src/pipeline/utterance-decoder.ts';
import {openWordKnowledge} from '../../../src/pipeline/word-knowledge.ts';
import type {WordChoice} from '../../../src/pipeline/word-search.ts';
import {lexiconBytes, PHONES, sayPhones, unigramModel} from '../../support/phone-words.ts';

const lexicon = lexiconBytes({
  an: ['AE N'],
  ann: ['AE N'],
  cat: ['K AE T'],
  catherine: ['K AE TH R IH N', 'K AE TH ER AH N'],
  kathryn: ['K AE TH R IH N'],
  the: ['DH AH', 'DH IY'],
});
const model = unigramModel({an: -1, ann: -3, cat: -1.5, catherine: -2.5, the: -0.5, xyz: -3});
const words = openWordKnowledge(model, PHONES, lexicon);

function hear(said: string, choice: WordChoice = {}): string {
  const decoder = new UtteranceDecoder(PHONES, words, {beamWidth: 32, ...choice});
  decoder.accept(sayPhones(said));
  return decoder.final().text;
}

describe('a search over phones', () => {
  it('leaves out the words of the language model that have no pronunciation', () => {
    expect(words.lexicon.words).toEqual(['an', 'ann', 'cat', 'catherine', 'the']);
    expect(words.leftOutWords).toBe(1);
    expect(Array.from(words.modelIds, (id) => words.model.wordOf(id))).toEqual([...words.lexicon.words]);
  });

  it('refuses a language model of no word that can be said', () => {
    expect(() => openWordKnowledge(unigramModel({xyz: -1}), PHONES, lexicon)).toThrow(
      'got a language model with 1 words, none in the lexicon, expected one or more',
    );
  });

  it('finds words of the lexicon only, in any of their pronunciations', () => {
    expect(hear('DH IY | K AE TH ER AH N |')).toBe('the catherine');
    expect(hear('DH AH | K AE D |')).toBe('the cat');
  });

  it('has their frames and confidence', () => {
    const decoder = new UtteranceDecoder(PHONES, words, {beamWidth: 32});
    decoder.accept(sayPhones('_ DH DH AH _ | K AE T _'));
    const {words: found, confidence} = decoder.final();
    expect(found.map(({text, startFrame, endFrame}) => [text, startFrame, endFrame])).toEqual([
      ['the', 1, 4],
      ['cat', 6, 9],
    ]);
    expect(found[0]?.confidence).toBeCloseTo(0.9, 2);
    expect(confidence).toBeCloseTo(0.9, 2);
  });

  it('shows closed words and the open one as far as it is a word', () => {
    const decoder = new UtteranceDecoder(PHONES, words, {beamWidth: 32});
    const shown = Array.from('DH AH | K AE TH R IH N |'.split(' '), (phone) => {
      decoder.accept(sayPhones(phone, 0.99));
      return decoder.partial().text;
    });
    expect(shown.slice(1, 6)).toEqual(['the', 'the', 'the', 'the', 'the']);
    expect(shown.at(-1)).toBe('the catherine');
  });

  it('shows what the final would be while nobody speaks: an open word must be one', () => {
    const decoder = new UtteranceDecoder(PHONES, words, {beamWidth: 32});
    decoder.accept(sayPhones('DH AH | K AE TH'));
    expect(decoder.partial().text).toBe('the');
    expect(decoder.partial(true).text).toBe('the cat');
    expect(decoder.final().text).toBe('the cat');
  });

  it('lets nothing but closed words stand, and lets those stand', () => {
    const decoder = new UtteranceDecoder(PHONES, words, {beamWidth: 4});
    decoder.accept(sayPhones('DH AH | K AE', 0.999));
    for (let times = 0; times < 4; times++) decoder.accept(sayPhones('T _ | DH AH | K AE', 0.999));
    decoder.accept(sayPhones('T', 0.999));
    const {text, stableLength} = decoder.partial();
    expect(text).toBe('the cat the cat the cat the cat the cat');
    expect(text.slice(0, stableLength)).toBe('the cat the cat the cat the cat the');
  });

  it('gives what a cut word begins with', () => {
    expect(hear('DH AH | K AE T K')).toBe('the cat');
  });

  it('refuses to decode greedily, since phones are no text', () => {
    expect(() => new UtteranceDecoder(PHONES, words, {decoding: 'greedy'})).toThrow(
      'got the decoding "greedy" of phones, expected "beam"',
    );
  });
});

describe('hot words of a search over phones', () => {
  it('are heard where the language model lacks them, and are written as given', () => {
    expect(hear('DH AH | K AE TH R IH N |', {hotWords: ['Kathryn']})).toBe('the Kathryn');
    expect(hear('DH AH | K AE TH R IH N |', {hotWords: ['Catherine']})).toBe('the Catherine');
  });

  it('do not displace a word that is a hundred times likelier', () => {
    expect(hear('DH AH | AE N |', {hotWords: ['Ann']})).toBe('the an');
    expect(hear('DH AH | AE N |', {hotWords: ['Ann'], hotWordBoost: 5})).toBe('the Ann');
  });

  it('may be said as the page says, with or without stress', () => {
    const kwame = {text: 'Kwame', pronunciation: 'k w AA1 m EY0'};
    expect(hear('DH AH | K W AA M EY |')).not.toContain('Kwame');
    expect(hear('DH AH | K W AA M EY |', {hotWords: [kwame]})).toBe('the Kwame');
    const phrase = [kwame, 'Kwame Cat'];
    expect(hear('K W AA M EY | K AE T |', {hotWords: phrase})).toBe('Kwame cat');
  });

  it.each<[string, WordChoice['hotWords'], string]>([
    ['nothing', [' '], 'got the hot word " ", expected one or more letters'],
    [
      'a word that nobody knows how to say',
      ['the Kwame'],
      'got no pronunciation of "Kwame", expected a word of the lexicon, or how it is said: {text: "Kwame", pronunciation: ',
    ],
    [
      'another phone',
      [{text: 'Kwame', pronunciation: 'K W A'}],
      'got "A" in the pronunciation of "Kwame", expected phones of AA AE',
    ],
    [
      'one pronunciation for two words',
      [{text: 'the Kwame', pronunciation: 'K W AA M EY'}],
      'got one pronunciation for the words of "the Kwame", expected a hot word with its own',
    ],
    ['no phones', [{text: 'Kwame', pronunciation: ''}], 'got no pronunciation of "Kwame"'],
  ])('are refused with %s', (_, hotWords, message) => {
    expect(() => hear('DH', {hotWords: hotWords ?? []})).toThrow(LexiconError);
    expect(() => hear('DH', {hotWords: hotWords ?? []})).toThrow(message);
  });

  it('of many words have the first pronunciations once there are too many ways', () => {
    const phrase = Array.from({length: 8}, () => 'catherine').join(' ');
    const said = Array.from({length: 8}, () => 'K AE TH R IH N |').join(' ');
    expect(hear(said, {hotWords: [phrase]})).toBe(phrase);
  });
});
