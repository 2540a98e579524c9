import {createLexicon, type LexiconEntry} from '../decode/create-lexicon.ts';
import {LexiconError} from '../decode/lexicon-error.ts';
import type {LexiconTrie} from '../decode/lexicon-trie.ts';
import {openNgramModel, type NgramModel} from '../decode/ngram-model.ts';
import {openPronunciationLexicon, type PronunciationLexicon} from '../decode/pronunciation-lexicon.ts';
import {expectWords, type WordExpectations} from '../decode/word-expectations.ts';
import type {TokenSet} from '../systems/card.ts';

/** A language model, and how its words are spelled, or said, in a system's tokens. */
export interface WordKnowledge {
  readonly model: NgramModel;
  /** Of those of its words that the system can spell or say. */
  readonly lexicon: LexiconTrie;
  /** What the lexicon was made of, made anew by each call: tens of thousands of arrays, of which only hot words ask. */
  readonly listEntries: () => readonly LexiconEntry[];
  /** [words of the lexicon] their ids in the model. */
  readonly modelIds: Int32Array;
  /** Words of the model that are not in the lexicon: the search never finds them. */
  readonly leftOutWords: number;
  /** What the search expects of open words; absent where tokens are letters. */
  readonly expectations: WordExpectations | undefined;
  /** How words are said; absent where tokens are letters. */
  readonly pronunciations: PronunciationLexicon | undefined;
}

/**
 * Opens a language model for a system that gives letters or phones; words that cannot be spelled or said in them are
 * left out. Any thread.
 * @param bytes the binary form that `earshot build-lm` writes.
 * @param lexicon how words are said, as `train/lexicon` writes it: for phones.
 * @throws LanguageModelError where the model is none, or damaged; LexiconError where the lexicon is, or where none of
 * the model's words can be spelled or said.
 */
export function openWordKnowledge(bytes: Uint8Array, tokens: TokenSet, lexicon?: Uint8Array): WordKnowledge {
  // a copy where they are a piece of something larger, as Node's are: the model is views of a whole buffer
  const isWhole = bytes.byteLength === bytes.buffer.byteLength;
  const model = openNgramModel((isWhole ? bytes : bytes.slice()).buffer as ArrayBuffer);
  const pronunciations = lexicon && openPronunciationLexicon(lexicon);
  const tokenIndex = pronunciations ? indexPhones(tokens) : indexLetters(tokens);
  const listWays = (): SaidWords =>
    listWords(model, (word) =>
      pronunciations ? pronunciations.pronunciationsOf(word.toLowerCase()) : spell(word, tokenIndex),
    );
  const {entries, modelIds, leftOutWords} = listWays();
  if (entries.length === 0) {
    const known = pronunciations ? 'in the lexicon' : 'of the letters that the system knows';
    throw new LexiconError(
      {word: ''},
      `a language model with ${leftOutWords} words, none ${known}`,
      'one or more',
    );
  }
  const words = {model, lexicon: createLexicon(entries, tokenIndex), modelIds: Int32Array.from(modelIds)};
  return {
    ...words,
    listEntries: () => listWays().entries,
    leftOutWords,
    expectations: pronunciations && expectWords(words),
    pronunciations,
  };
}

/** The words of a model as a system says or spells them. */
interface SaidWords {
  readonly entries: readonly LexiconEntry[];
  readonly modelIds: readonly number[]; // of the words that have entries
  readonly leftOutWords: number;
}

function listWords(model: NgramModel, waysOf: (word: string) => readonly (readonly string[])[]): SaidWords {
  const marks = new Set([model.wordIdOf('<s>'), model.endId, model.unknownId]);
  const [entries, modelIds]: [LexiconEntry[], number[]] = [[], []];
  let leftOutWords = 0;
  for (let id = 0; id < model.wordCount; id++) {
    if (marks.has(id)) continue;
    const word = model.wordOf(id);
    const ways = waysOf(word);
    if (ways.length === 0) leftOutWords++;
    else modelIds.push(id);
    for (const way of ways) entries.push({word, tokens: way});
  }
  return {entries, modelIds, leftOutWords};
}

/** A system's letters by their text, small: all tokens but the blank and the space. */
export function indexLetters(tokens: TokenSet): ReadonlyMap<string, number> {
  return new Map(Array.from(indexPhones(tokens), ([label, id]) => [label.toLowerCase(), id]));
}

/** A system's phones by their names: all tokens but the blank and the space. */
export function indexPhones({labels, blankId, spaceId}: TokenSet): ReadonlyMap<string, number> {
  return new Map(labels.flatMap((label, id) => (id === blankId || id === spaceId ? [] : [[label, id]])));
}

/** Networks know small letters, texts are written in both. None where the system lacks a letter. */
function spell(word: string, letters: ReadonlyMap<string, number>): readonly (readonly string[])[] {
  const spelling = Array.from(word.toLowerCase());
  return spelling.every((letter) => letters.has(letter)) ? [spelling] : [];
}
