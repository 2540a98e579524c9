import {describe, expect, test} from 'vitest';
import {createLexicon, spellWords, type LexiconEntry} from '../../../src/decode/create-lexicon.ts';
import {LexiconError} from '../../../src/decode/lexicon-error.ts';
import type {LexiconTrie} from '../../../src/decode/lexicon-trie.ts';
import {seededRandom} from '../../support/prng.ts';

const letters = new Map(Array.from("abcdefghijklmnopqrstuvwxyz'", (letter, index) => [letter, index]));
const phones = new Map(['AE', 'B', 'EY', 'IY', 'R', 'UW', 'S'].map((phone, index) => [phone, 10 * index]));

function wordsAt(trie: LexiconTrie, node: number): string[] {
  return Array.from({length: trie.wordCountAt(node)}, (_, which) => trie.words[trie.wordIdAt(node, which)]!);
}

/** The node of a spelling; −1 where nothing begins so. */
function follow(trie: LexiconTrie, tokens: readonly string[], index: ReadonlyMap<string, number>): number {
  return tokens.reduce(
    (node, token) => (node < 0 ? -1 : trie.childOf(node, index.get(token) ?? -1)),
    trie.rootNode,
  );
}

/** What `createLexicon` refuses with. */
function refusal(entries: readonly LexiconEntry[]): LexiconError {
  try {
    createLexicon(entries, letters);
  } catch (error) {
    if (error instanceof LexiconError) return error;
    throw error;
  }
  throw new Error('the lexicon was taken');
}

describe('createLexicon', () => {
  test('spells words by letters, beginnings of others among them', () => {
    const trie = createLexicon(spellWords(['cat', 'car', 'cart', "can't"]), letters);
    for (const word of trie.words)
      expect(wordsAt(trie, follow(trie, Array.from(word), letters))).toEqual([word]);
    expect(trie.nodeCount).toBe(9); // the root, c, ca, can, car, cat, can', cart, can't
    expect(trie.wordIdAt(follow(trie, ['c', 'a'], letters))).toBe(-1);
    expect(follow(trie, ['c', 'b'], letters)).toBe(-1);
    expect(trie.wordIdAt(trie.rootNode)).toBe(-1);
    expect(trie.childOf(trie.rootNode, -1)).toBe(-1);
  });

  test('takes several pronunciations of a word, and words that sound alike', () => {
    const trie = createLexicon(
      [
        {word: 'bass', tokens: ['B', 'EY', 'S']},
        {word: 'base', tokens: ['B', 'EY', 'S']},
        {word: 'bass', tokens: ['B', 'AE', 'S']},
        {word: 'bass', tokens: ['B', 'EY', 'S']}, // again
      ],
      phones,
    );
    expect(trie.words).toEqual(['bass', 'base']);
    expect(wordsAt(trie, follow(trie, ['B', 'EY', 'S'], phones))).toEqual(['bass', 'base']);
    expect(wordsAt(trie, follow(trie, ['B', 'AE', 'S'], phones))).toEqual(['bass']);
    expect(trie.wordIdAt(follow(trie, ['B', 'AE', 'S'], phones), 1)).toBe(-1);
  });

  test('names the word and the token that it does not know', () => {
    const error = refusal(spellWords(['cat', 'naïve']));
    expect([error.code, error.word, error.token]).toEqual(['lexicon', 'naïve', 'ï']);
    expect(error.message).toMatch(/^got token "ï" in "naïve", expected one of a b c /);
  });

  test('refuses a word without tokens, and a lexicon without words', () => {
    expect(refusal([{word: 'mute', tokens: []}]).message).toBe(
      'got no tokens for "mute", expected one or more',
    );
    expect(refusal([]).message).toBe('got a lexicon without words, expected one or more');
  });

  test('holds what a map of random spellings holds, and nothing else', () => {
    const random = seededRandom(80);
    const spell = (): string =>
      Array.from({length: random.integer(1, 6)}, () => random.pick(['a', 'b', 'c'])).join('');
    for (let count = 0; count < 100; count++) {
      const entries = Array.from({length: random.integer(1, 60)}, () => ({
        word: `word ${random.integer(0, 30)}`,
        tokens: Array.from(spell()),
      }));
      const trie = createLexicon(entries, letters);
      const expected = new Map<string, string[]>();
      for (const {word, tokens} of entries) {
        const here = expected.get(tokens.join('')) ?? [];
        expected.set(tokens.join(''), here.includes(word) ? here : [...here, word]);
      }
      for (const spelling of [...expected.keys(), ...Array.from({length: 50}, spell)]) {
        const node = follow(trie, Array.from(spelling), letters);
        const words = node < 0 ? [] : wordsAt(trie, node);
        expect(words, `${spelling}, lexicon ${count} of seed ${random.seed}`).toEqual(
          expected.get(spelling) ?? [],
        );
      }
    }
  });
});
