import {computeCodebook, codeOf} from './ngram-codebook.ts';
import {LanguageModelError} from './language-model-error.ts';
import {allocateNgramModel, computeLevelStart, HIGHEST_ORDER, type NgramSections} from './ngram-layout.ts';
import {findChild, suffixOf, type NgramTrie} from './ngram-trie.ts';
import {compareBytes, encodeUtf8} from './utf8.ts';

/** The n-grams of one order, in any order. */
export interface NgramTable {
  readonly words: Int32Array; // [count × n], row-major, oldest word first; indices into the words of the tables
  readonly logProbs: Float64Array; // [count] base 10, as in ARPA files
  readonly backoffs: Float64Array; // [count] base 10, 0 where there is none; those of the highest order are not used
}

/** A model as plain data: what the reader of ARPA files gives. */
export interface NgramTables {
  readonly words: readonly string[];
  readonly tables: readonly NgramTable[]; // [order], from 1-grams up
}

type Trie = NgramTrie & NgramSections;

/**
 * Makes the binary form of a model: a sorted trie, 8 bytes or less for an n-gram of the highest order. Probabilities
 * become codes of 16 bits: exact where there are at most 65,536 different values, else rounded by less than 1e-3 nat.
 * Any thread; allocates some 50 bytes an n-gram.
 * @throws LanguageModelError where an n-gram is there twice, or lacks the n-gram without its last word, a word lacks
 *   its 1-gram, or a number is not finite.
 */
export function encodeNgramModel({words, tables}: NgramTables): ArrayBuffer {
  if (tables.length < 1 || tables.length > HIGHEST_ORDER) {
    throw new LanguageModelError(`order ${tables.length}`, `1 to ${HIGHEST_ORDER}`);
  }
  const {ranks, wordOffsets, vocabulary} = sortWords(words);
  const codebook = computeCodebook(tables.flatMap(({logProbs, backoffs}) => [logProbs, backoffs]));
  const counts = {
    ngramCounts: tables.map(({logProbs}) => logProbs.length),
    valueCount: codebook.values.length,
    vocabularyBytes: vocabulary.length,
  };
  const {buffer, sections} = allocateNgramModel(counts);
  sections.values.set(codebook.values);
  sections.wordOffsets.set(wordOffsets);
  sections.vocabulary.set(vocabulary);
  const trie = {...sections, wordCount: words.length, levelStart: computeLevelStart(counts)};
  tables.forEach((table, index) => {
    const nodes = placeNodes(trie, {...table, order: index + 1}, ranks);
    nodes.forEach((node, ngram) => {
      sections.logProbCodes[node - 1] = codeOf(codebook, table.logProbs[ngram]);
      if (index + 1 < tables.length)
        sections.backoffCodes[node - 1] = codeOf(codebook, table.backoffs[ngram]);
    });
    if (index + 1 < tables.length) linkSuffixes(trie, index + 1);
  });
  return buffer;
}

interface SortedWords {
  readonly ranks: Uint32Array; // [words] place of each word in the order of the bytes, which is its id
  readonly wordOffsets: Uint32Array; // [words + 1]
  readonly vocabulary: Uint8Array;
}

function sortWords(words: readonly string[]): SortedWords {
  const encoded = words.map((word, index) => ({bytes: encodeUtf8(word), index, start: 0, end: 0}));
  for (const entry of encoded) entry.end = entry.bytes.length;
  encoded.sort(compareBytes);
  const ranks = new Uint32Array(words.length);
  const wordOffsets = new Uint32Array(words.length + 1);
  encoded.forEach(({bytes, index}, rank) => {
    ranks[index] = rank;
    wordOffsets[rank + 1] = wordOffsets[rank] + bytes.length;
    if (rank > 0 && compareBytes(encoded[rank - 1], encoded[rank]) === 0) {
      throw new LanguageModelError(`the word "${words[index]}" twice`, 'each once');
    }
  });
  const vocabulary = new Uint8Array(wordOffsets[words.length]);
  encoded.forEach(({bytes}, rank) => vocabulary.set(bytes, wordOffsets[rank]));
  return {ranks, wordOffsets, vocabulary};
}

interface Level extends NgramTable {
  readonly order: number;
}

/** Writes children and labels of one order, and gives the node of each of its n-grams: [count]. */
function placeNodes(trie: Trie, level: Level, ranks: Uint32Array): Uint32Array {
  const keys = computeKeys(trie, level, ranks);
  const sorted = Uint32Array.from(keys, (_, ngram) => ngram).sort((a, b) => keys[a] - keys[b]);
  const {wordCount, levelStart, childStart, labels} = trie;
  const nodes = new Uint32Array(sorted.length);
  let context = levelStart[level.order - 1];
  sorted.forEach((ngram, position) => {
    const node = levelStart[level.order] + position;
    nodes[ngram] = node;
    if (position > 0 && keys[ngram] === keys[sorted[position - 1]]) {
      throw new LanguageModelError(`an n-gram of order ${level.order} twice`, 'each once');
    }
    const parent = Math.floor(keys[ngram] / wordCount);
    while (context <= parent) childStart[context++] = node;
    if (level.order > 1) labels[node - 1 - wordCount] = keys[ngram] % wordCount;
  });
  while (context <= levelStart[level.order]) childStart[context++] = levelStart[level.order + 1];
  return nodes;
}

/** What sorts n-grams by parent, then by word: [count]. Below 2⁵³ for all that fits into memory. */
function computeKeys(trie: Trie, {order, words, logProbs}: Level, ranks: Uint32Array): Float64Array {
  const {wordCount} = trie;
  const count = logProbs.length;
  if (order === 1 && count !== wordCount) {
    throw new LanguageModelError(`${count} 1-grams of ${wordCount} words`, 'one of each word');
  }
  const keys = new Float64Array(count);
  for (let ngram = 0; ngram < count; ngram++) {
    let context = 0;
    for (let place = 0; place < order - 1 && context >= 0; place++) {
      context = findChild(trie, context, rankOf(ranks, words[ngram * order + place]));
    }
    if (context < 0) {
      const expected = `the one of its first ${order - 1} words among those of order ${order - 1}`;
      throw new LanguageModelError(`the ${order}-gram ${ngram}`, expected);
    }
    keys[ngram] = context * wordCount + rankOf(ranks, words[ngram * order + order - 1]);
  }
  return keys;
}

function rankOf(ranks: Uint32Array, word: number): number {
  if (word >= 0 && word < ranks.length) return ranks[word];
  throw new LanguageModelError(`word ${word}`, `0 to ${ranks.length - 1}`);
}

/** Writes the suffix of each node of one order, for those orders where it does not follow from the last word. */
function linkSuffixes(trie: Trie, order: number): void {
  if (order < 3) return;
  const {levelStart, childStart, labels, links, wordCount} = trie;
  for (let parent = levelStart[order - 1]; parent < levelStart[order]; parent++) {
    for (let node = childStart[parent]; node < childStart[parent + 1]; node++) {
      let suffix = -1;
      for (let context = parent; suffix < 0;) {
        context = suffixOf(trie, context);
        suffix = findChild(trie, context, labels[node - 1 - wordCount]);
      }
      links[node - levelStart[3]] = suffix;
    }
  }
}
