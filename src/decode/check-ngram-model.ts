import {LanguageModelError} from './language-model-error.ts';
import type {NgramSections} from './ngram-layout.ts';
import type {NgramTrie} from './ngram-trie.ts';
import {compareBytes} from './utf8.ts';

/**
 * Checks what the sections of a binary model point at: children, words, suffixes, values. One pass over each.
 * @throws LanguageModelError where one points elsewhere than it may.
 */
export function checkNgramModel(model: NgramTrie & NgramSections): void {
  checkVocabulary(model);
  checkChildren(model);
  checkLabels(model);
  checkLinks(model);
  checkCodes(model);
}

function checkVocabulary({wordOffsets, vocabulary, wordCount}: NgramTrie & NgramSections): void {
  if (wordCount === 0) throw new LanguageModelError('a model without words', 'one or more');
  if (wordOffsets[0] !== 0 || wordOffsets[wordCount] !== vocabulary.length) {
    const got = `words at bytes ${wordOffsets[0]} to ${wordOffsets[wordCount]}`;
    throw new LanguageModelError(got, `0 to ${vocabulary.length}`);
  }
  for (let word = 0; word < wordCount; word++) {
    if (wordOffsets[word + 1] < wordOffsets[word] || wordOffsets[word + 1] > vocabulary.length) {
      throw new LanguageModelError(
        `word ${word} up to byte ${wordOffsets[word + 1]}`,
        `at least ${wordOffsets[word]}`,
      );
    }
    if (word > 0 && !isAscending({wordOffsets, vocabulary}, word)) {
      throw new LanguageModelError(`word ${word} out of order`, 'words in the order of their bytes');
    }
  }
}

function isAscending(
  {wordOffsets, vocabulary: bytes}: Pick<NgramSections, 'wordOffsets' | 'vocabulary'>,
  word: number,
): boolean {
  const before = {bytes, start: wordOffsets[word - 1], end: wordOffsets[word]};
  return compareBytes(before, {bytes, start: wordOffsets[word], end: wordOffsets[word + 1]}) < 0;
}

/** The children of the nodes of order n must be the nodes of order n + 1, each once. */
function checkChildren({childStart, levelStart}: NgramTrie): void {
  for (let level = 0; level + 1 < levelStart.length; level++) {
    const [context, expected] = [levelStart[level], levelStart[level + 1]];
    if (childStart[context] !== expected) {
      const got = `children of node ${context} from ${childStart[context]}`;
      throw new LanguageModelError(got, `from ${expected}, the first n-gram of order ${level + 1}`);
    }
  }
  for (let context = 0; context + 1 < childStart.length; context++) {
    if (childStart[context + 1] < childStart[context]) {
      const got = `children of node ${context} from ${childStart[context]} to ${childStart[context + 1]}`;
      throw new LanguageModelError(got, 'an end that is not before the start');
    }
  }
}

function checkLabels({childStart, labels, wordCount}: NgramTrie): void {
  const firstLabel = 1 + wordCount;
  const contextCount = childStart.length - 1;
  for (let context = 1; context < contextCount; context++) {
    let previous = -1;
    for (let child = childStart[context]; child < childStart[context + 1]; child++) {
      const label = labels[child - firstLabel];
      if (label <= previous || label >= wordCount) {
        const expected = `above ${previous} and below ${wordCount}`;
        throw new LanguageModelError(`word ${label} after node ${context}`, expected);
      }
      previous = label;
    }
  }
}

/** A suffix is shorter, so its node comes before the order of its n-gram: no chain of suffixes is endless. */
function checkLinks({links, levelStart}: NgramTrie): void {
  const first = levelStart[3];
  for (let level = 3; level + 2 < levelStart.length; level++) {
    for (let node = levelStart[level]; node < levelStart[level + 1]; node++) {
      if (links[node - first] < 1 || links[node - first] >= levelStart[level]) {
        const got = `suffix ${links[node - first]} of node ${node}`;
        throw new LanguageModelError(got, `1 to ${levelStart[level] - 1}`);
      }
    }
  }
}

function checkCodes({values, logProbCodes, backoffCodes}: NgramSections): void {
  if (!values.every(Number.isFinite)) throw new LanguageModelError('a value that is no number', 'numbers');
  for (const codes of [logProbCodes, backoffCodes]) {
    for (let index = 0; index < codes.length; index++) {
      if (codes[index] >= values.length) {
        throw new LanguageModelError(`value ${codes[index]}`, `below ${values.length}`);
      }
    }
  }
}
