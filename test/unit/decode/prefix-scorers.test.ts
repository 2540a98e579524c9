import {describe, expect, it} from 'vitest';
import {createCharacterFusion} from '../../../src/decode/character-fusion.ts';
import {createLexicon, spellWords} from '../../../src/decode/create-lexicon.ts';
import {CtcPrefixBeam} from '../../../src/decode/ctc-prefix-beam.ts';
import {createHotWords} from '../../../src/decode/hot-words.ts';
import {combineScorers} from '../../../src/decode/prefix-scorer.ts';
import {createWordFusion} from '../../../src/decode/word-fusion.ts';
import {openGoldenModel} from '../../support/ctc-goldens.ts';

const BASE = {tokenCount: 4, spaceId: 1};
const lexicon = createLexicon(
  spellWords(['a', 'ab']),
  new Map(Array.from('_ ab').map((label, token) => [label, token])),
);

describe('scorers of prefixes', () => {
  it.each([
    [{spaceId: 4}, 'spaceId: got 4, expected an integer in 0…3'],
    [{alpha: -1}, 'alpha: got -1, expected 0 or more'],
    [{alpha: Infinity}, 'alpha: got Infinity'],
    [{beta: NaN}, 'beta: got NaN, expected a finite number'],
    [{unknownWordPenalty: -1}, 'unknownWordPenalty: got -1, expected 0 or more'],
  ])('of words refuse %o', (wrong, message) => {
    expect(() => createWordFusion({...BASE, lexicon, ...wrong})).toThrow(RangeError);
    expect(() => createWordFusion({...BASE, lexicon, ...wrong})).toThrow(message);
  });

  it('of characters refuse a weight that is none', () => {
    const model = openGoldenModel('tiny_char_trigram.arpa');
    expect(() => createCharacterFusion({model, characters: ['a', 'b'], alpha: NaN})).toThrow(
      'alpha: got NaN',
    );
  });

  it.each([
    [[], 1, 'hot word: got []'],
    [[1, 2], 1, 'hot word: got [1, 2], expected words parted by single spaces'],
    [[2, 1], 1, 'hot word: got [2, 1]'],
    [[2, 1, 1, 2], 1, 'hot word: got [2, 1, 1, 2]'],
    [[4], 1, 'token of a hot word: got 4'],
    [[2], 0, 'boost: got 0, expected a finite number above 0'],
    [[2], Infinity, 'boost: got Infinity'],
  ])('of hot words refuse %j at a boost of %d', (tokens, boost, message) => {
    expect(() => createHotWords({...BASE, phrases: [{tokens, boost}]})).toThrow(RangeError);
    expect(() => createHotWords({...BASE, phrases: [{tokens, boost}]})).toThrow(message);
  });

  it('without hot words gain nothing', () => {
    const none = createHotWords({...BASE, phrases: []});
    expect(Array.from(none.gainBounds)).toEqual([0, 0, 0, 0]);
  });

  it('are combined when they are for the same tokens', () => {
    const words = createWordFusion({...BASE, lexicon, beta: 1});
    const hot = createHotWords({...BASE, phrases: [{tokens: [2], boost: 2}]});
    expect(combineScorers([words])).toBe(words);
    expect(combineScorers([words, hot]).stateLength).toBe(3);
    expect(() => combineScorers([])).toThrow('scorers: got none');
    const other = createHotWords({tokenCount: 5, spaceId: 1, phrases: []});
    expect(() => combineScorers([words, other])).toThrow('scorers: got one for 5 tokens, expected 4');
    expect(() => new CtcPrefixBeam({tokenCount: 4, blankId: 0, beamWidth: 4, scorer: other})).toThrow(
      'scorer: got one for 5 tokens, expected 4',
    );
  });
});
