import type {LexiconEntry} from '../decode/create-lexicon.ts';
import type {HotPhrase} from '../decode/hot-words.ts';
import {LexiconError} from '../decode/lexicon-error.ts';
import {scoreWord, type NgramModel} from '../decode/ngram-model.ts';
import type {TokenSet} from '../systems/card.ts';
import {indexLetters, indexPhones, type WordKnowledge} from './word-knowledge.ts';

/** A word or a phrase that is expected, as a page gives it; the text alone, or with how it is said. */
export type HotWord = string | {readonly text: string; readonly pronunciation?: string};

/** Hot words in phones, and what they add to the words that a search may find. */
export interface SaidHotWords {
  readonly phrases: readonly HotPhrase[];
  /** Words that the search lacks, and single words, which are to be written as the page does. */
  readonly entries: readonly LexiconEntry[];
  /** The model's id of each of the entries' words. */
  readonly modelIds: ReadonlyMap<string, number>;
}

/** Most ways to say one phrase: the words of a long one then have their first pronunciation only. */
const MAX_WAYS = 16;

/** Of the model's states: nothing was said before. */
const NO_CONTEXT = 0;

/**
 * Spells hot words in a system's letters; how they are said does not matter to it. Any thread.
 * @throws LexiconError where one is empty or has a letter that the system lacks.
 */
export function spellHotWords(tokens: TokenSet, hotWords: readonly HotWord[], boost: number): HotPhrase[] {
  const letters = indexLetters(tokens);
  return hotWords.map((hotWord) => {
    const text = wordsOf(hotWord).join(' ');
    const path = Array.from(text.toLowerCase(), (letter) => {
      const token = letter === ' ' ? tokens.spaceId : letters.get(letter);
      if (token !== undefined) return token;
      const known = Array.from(letters.keys()).join('');
      throw new LexiconError(
        {word: text, token: letter},
        `"${letter}" in the hot word "${text}"`,
        `letters of ${known}`,
      );
    });
    return {tokens: path, boost};
  });
}

/**
 * Says hot words in a system's phones: by their own pronunciations, or those of the lexicon. Any thread.
 * @throws LexiconError where one is empty, or has a word without pronunciation, or one of other phones.
 */
export function sayHotWords(
  tokens: TokenSet,
  {model, modelIds: known, pronunciations}: WordKnowledge,
  hotWords: readonly HotWord[],
  boost: number,
): SaidHotWords {
  const phones = indexPhones(tokens);
  const given = readGiven(hotWords, phones);
  const entries: LexiconEntry[] = [];
  const modelIds = new Map<string, number>();
  let rarestId: number | undefined;
  const rarest = (): number => (rarestId ??= findRarest(model, known));
  const waysOf = (word: string): readonly (readonly string[])[] => {
    const ways = given.get(word) ?? pronunciations?.pronunciationsOf(word.toLowerCase()) ?? [];
    if (ways.length > 0) return ways;
    const example = `{text: "${word}", pronunciation: "K W AA M EY"}`;
    throw new LexiconError(
      {word},
      `no pronunciation of "${word}"`,
      `a word of the lexicon, or how it is said: ${example}`,
    );
  };
  const phrases = hotWords.flatMap((hotWord) => {
    const words = wordsOf(hotWord);
    const ways = words.map(waysOf);
    words.forEach((word, index) => {
      const isKnown = idIn(model, word) >= 0 && !given.has(word);
      if (words.length > 1 && isKnown) return;
      modelIds.set(word, isKnown ? idIn(model, word) : rarest());
      for (const way of ways[index] ?? []) entries.push({word, tokens: way});
    });
    return joinWays(ways, phones, tokens.spaceId).map((path) => ({tokens: path, boost}));
  });
  return {phrases, entries, modelIds};
}

function wordsOf(hotWord: HotWord): readonly string[] {
  const text = typeof hotWord === 'string' ? hotWord : hotWord.text;
  const words = text.split(/\s+/).filter(Boolean);
  if (words.length > 0) return words;
  throw new LexiconError({word: text}, `the hot word "${text}"`, 'one or more letters');
}

/** The pronunciations that the page gives itself. */
function readGiven(
  hotWords: readonly HotWord[],
  phones: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly (readonly string[])[]> {
  const given = new Map<string, string[][]>();
  for (const hotWord of hotWords) {
    if (typeof hotWord === 'string' || hotWord.pronunciation === undefined) continue;
    const [word = '', ...others] = wordsOf(hotWord);
    if (others.length > 0) {
      const got = `one pronunciation for the words of "${hotWord.text}"`;
      throw new LexiconError({word}, got, 'a hot word with its own for each of them that needs one');
    }
    const said = readPronunciation(word, hotWord.pronunciation, phones);
    if (said.length > 0) given.set(word, [...(given.get(word) ?? []), said]);
  }
  return given;
}

/** Phones with or without the stress digits of dictionaries, in either case. */
function readPronunciation(word: string, text: string, phones: ReadonlyMap<string, number>): string[] {
  const said = text.toUpperCase().split(/\s+/).filter(Boolean);
  return said.map((symbol) => {
    const phone = symbol.replace(/[012]$/, '');
    if (phones.has(phone)) return phone;
    const known = Array.from(phones.keys()).join(' ');
    throw new LexiconError(
      {word, token: symbol},
      `"${symbol}" in the pronunciation of "${word}"`,
      `phones of ${known}`,
    );
  });
}

/** The model's id of a word as it is written, or in small letters; −1 for none. */
function idIn(model: NgramModel, word: string): number {
  const id = model.wordIdOf(word);
  return id >= 0 ? id : model.wordIdOf(word.toLowerCase());
}

/**
 * The word that the model finds least likely: a hot word that it does not know counts as that. As `<unk>` it would have
 * the probability of all unknown words together, which is that of a common word.
 */
function findRarest(model: NgramModel, known: Int32Array): number {
  const next = new Int32Array(1);
  let least = {id: model.unknownId, logProb: Infinity};
  for (const id of known) {
    const logProb = scoreWord(model, NO_CONTEXT, id, next);
    if (logProb < least.logProb) least = {id, logProb};
  }
  return least.id;
}

/** The ways to say a phrase: each way of each word, at most {@link MAX_WAYS} in all. */
function joinWays(
  ways: readonly (readonly (readonly string[])[])[],
  phones: ReadonlyMap<string, number>,
  spaceId: number,
): readonly (readonly number[])[] {
  let joined: (readonly number[])[] = [];
  for (const ofWord of ways) {
    const paths = ofWord.map((way) => way.map((phone) => phones.get(phone) ?? spaceId));
    const begun = joined.length === 0 ? [[]] : joined.map((path) => [...path, spaceId]);
    const kept = begun.length * paths.length <= MAX_WAYS ? paths : paths.slice(0, 1);
    joined = begun.flatMap((before) => kept.map((path) => [...before, ...path]));
  }
  return joined;
}
