import {checkNgramModel} from './check-ngram-model.ts';
import {computeLevelStart, readNgramCounts, viewSections, type NgramSections} from './ngram-layout.ts';
import {findChild, suffixOf, type NgramTrie} from './ngram-trie.ts';
import {compareBytes, decodeUtf8, encodeUtf8} from './utf8.ts';

/** A back-off n-gram model: typed-array views over one ArrayBuffer. A state is a node of its trie. */
export interface NgramModel extends NgramTrie, NgramSections {
  readonly order: number;
  readonly startState: number; // the state after <s>; the empty context where the model has no <s>
  readonly unknownId: number; // <unk>; −1 where the model has none
  readonly endId: number; // </s>; −1 where the model has none
  /** The id of a word; −1 for one that the model does not know. Upper and lower case are different words. */
  wordIdOf(label: string): number;
  /** The word of an id from 0 to `wordCount` − 1. Ids follow the order of the words' UTF-8 bytes. */
  wordOf(wordId: number): string;
}

/** ln P of a word that is unknown to a model without <unk>: 10⁻⁹⁹, which is how ARPA files write 0. */
export const IMPOSSIBLE_LOG_PROB = -99 * Math.LN10;

const ROOT = 0;
const ignoredState = new Int32Array(1);
const scratchLogProb = new Float64Array(1);

/**
 * Opens the binary form of a model, which `encodeNgramModel` makes. Nothing is copied: the model is views of `buffer`,
 * all of whose offsets and ids are checked, so that no walk in it can leave it or be endless. Any thread.
 * @throws LanguageModelError where the buffer is no such model, or damaged.
 */
export function openNgramModel(buffer: ArrayBuffer): NgramModel {
  const counts = readNgramCounts(buffer);
  const sections = viewSections(buffer, counts);
  const levelStart = computeLevelStart(counts);
  const trie = {...sections, levelStart, wordCount: counts.ngramCounts[0]};
  checkNgramModel(trie);
  const wordIdOf = (label: string): number => findWord(sections, label);
  const startId = wordIdOf('<s>');
  return {
    ...trie,
    order: counts.ngramCounts.length,
    startState: startId >= 0 && isState(trie, 1 + startId) ? 1 + startId : ROOT,
    unknownId: wordIdOf('<unk>'),
    endId: wordIdOf('</s>'),
    wordIdOf,
    wordOf: (wordId) =>
      decodeUtf8(sections.vocabulary, sections.wordOffsets[wordId], sections.wordOffsets[wordId + 1]),
  };
}

/**
 * The natural logarithm of P(word | state), with ARPA's back-off: the longest n-gram that ends in the word, times the
 * back-off weights of the longer contexts. A word that the model does not know (id −1) counts as <unk>; where there is
 * no <unk> it has {@link IMPOSSIBLE_LOG_PROB} and the next state is empty.
 * @param state `startState`, or what an earlier call wrote.
 * @param next [1], overwritten with the state after the word: the node of the longest context that the model holds and
 *   that anything depends on, so that equal states score everything to come equally.
 * Any thread. Allocates nothing.
 * Formula: https://cmusphinx.github.io/wiki/arpaformat/
 */
export function scoreWord(model: NgramModel, state: number, wordId: number, next: Int32Array): number {
  scoreWordInto(model, state, wordId, next, scratchLogProb);
  return scratchLogProb[0];
}

/**
 * As {@link scoreWord}, with the logarithm written to `out[0]`: a number that a function returns is an object to the
 * engine unless the function is inlined, which the loops of a search cannot count on.
 */
export function scoreWordInto(
  model: NgramModel,
  state: number,
  wordId: number,
  next: Int32Array,
  out: Float64Array,
): void {
  const word = wordId >= 0 && wordId < model.wordCount ? wordId : model.unknownId;
  if (word < 0) {
    next[0] = ROOT;
    out[0] = IMPOSSIBLE_LOG_PROB;
    return;
  }
  const {values, logProbCodes, backoffCodes} = model;
  let logProb = 0;
  let context = state;
  let node = findChild(model, context, word);
  // shorten the context until an n-gram is found, at the latest at the root, of which every word is a child
  while (node < 0) {
    logProb += values[backoffCodes[context - 1]];
    context = suffixOf(model, context);
    node = findChild(model, context, word);
  }
  logProb += values[logProbCodes[node - 1]];
  // the next state: the longest suffix of what matched that is a context
  while (context !== ROOT && !isState(model, node)) {
    context = suffixOf(model, context);
    node = findChild(model, context, word);
  }
  next[0] = isState(model, node) ? node : ROOT;
  out[0] = logProb;
}

/** ln P(</s> | state); 0 where the model has no </s>. Any thread. Allocates nothing. */
export function scoreEnd(model: NgramModel, state: number): number {
  return model.endId < 0 ? 0 : scoreWord(model, state, model.endId, ignoredState);
}

/** The words that can be said: all but <s>, </s> and <unk>, in the order of their ids. Any thread. */
export function spokenWords(model: NgramModel): readonly string[] {
  const words = Array.from({length: model.wordCount}, (_, wordId) => model.wordOf(wordId));
  return words.filter((word) => !['<s>', '</s>', '<unk>'].includes(word));
}

/** Whether a node says more of what follows than its suffix does: it has children, or a back-off weight. */
function isState(model: NgramTrie & NgramSections, node: number): boolean {
  const {childStart, values, backoffCodes} = model;
  if (node < 0 || node >= childStart.length - 1) return false;
  return childStart[node] < childStart[node + 1] || values[backoffCodes[node - 1]] !== 0;
}

function findWord({vocabulary, wordOffsets}: NgramSections, label: string): number {
  const bytes = encodeUtf8(label);
  const wanted = {bytes, start: 0, end: bytes.length};
  let low = 0;
  let high = wordOffsets.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const here = {bytes: vocabulary, start: wordOffsets[middle], end: wordOffsets[middle + 1]};
    const difference = compareBytes(here, wanted);
    if (difference === 0) return middle;
    if (difference < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}
