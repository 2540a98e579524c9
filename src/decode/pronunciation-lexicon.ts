import {LexiconError} from './lexicon-error.ts';
import {decodeUtf8} from './utf8.ts';

/** How many thousands of words are said. */
export interface PronunciationLexicon {
  readonly wordCount: number;
  /**
   * The ways to say a word, the commonest first, in phones; none for a word that the lexicon lacks. Words are in small
   * letters. Allocates its result.
   */
  pronunciationsOf(word: string): readonly (readonly string[])[];
}

const FIRST_LINE = 'earshot-lexicon 1';
const NEWLINE = 0x0a;
const TAB = 0x09;
const SPACE = 0x20;

/** The characters that stand for phones, in the order of the phones in the second line. */
const PHONE_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** [256] place of each character's phone; beyond all phones where it stands for none. */
const PHONE_OF_BYTE = Uint8Array.from({length: 256}, (_, byte) =>
  PHONE_CHARACTERS.indexOf(String.fromCharCode(byte)),
);

/**
 * Opens a lexicon as `train/lexicon` writes it, in ASCII: a line `earshot-lexicon 1`, a line with the phones that the characters
 * A…Z a…z stand for, then a line for each word in the order of their bytes: the word, a tab, its pronunciations with a
 * space between them. Each line ends in a newline. Nothing is copied: of the 130,000 words only those are read that are
 * asked for. Any thread; allocates 4 bytes a word.
 * @throws LexiconError where the bytes are no such file.
 */
export function openPronunciationLexicon(bytes: Uint8Array): PronunciationLexicon {
  const lineStart = findLines(bytes);
  const phones = readPhones(bytes, lineStart);
  return {
    wordCount: lineStart.length - 1 - HEADER_LINES,
    pronunciationsOf: (word) => {
      const start = findWays(bytes, lineStart, word);
      return start < 0 ? [] : readWays(bytes, start, phones);
    },
  };
}

const HEADER_LINES = 2;

/** [lineCount + 1] where each line begins, and the end of the last. */
function findLines(bytes: Uint8Array): Uint32Array {
  let count = 0;
  for (let index = 0; index < bytes.length; index++) if (bytes[index] === NEWLINE) count++;
  const lineStart = new Uint32Array(count + 1);
  let line = 0;
  for (let index = 0; index < bytes.length; index++)
    if (bytes[index] === NEWLINE) lineStart[++line] = index + 1;
  return lineStart;
}

function readPhones(bytes: Uint8Array, lineStart: Uint32Array): readonly string[] {
  const lineCount = lineStart.length - 1;
  const [first, second] = Array.from({length: Math.min(lineCount, HEADER_LINES)}, (_, line) =>
    decodeUtf8(bytes, lineStart[line], lineStart[line + 1] - 1),
  );
  if (first !== FIRST_LINE) {
    const begins = decodeUtf8(bytes, 0, Math.min(bytes.length, FIRST_LINE.length));
    throw new LexiconError({word: ''}, `a lexicon that begins with "${begins}"`, `"${FIRST_LINE}"`);
  }
  const phones = (second ?? '').split(' ').filter(Boolean);
  if (lineCount > HEADER_LINES && phones.length > 0 && phones.length <= PHONE_CHARACTERS.length)
    return phones;
  throw new LexiconError(
    {word: ''},
    `a lexicon of ${lineCount} lines with ${phones.length} phones`,
    `a line of 1 to ${PHONE_CHARACTERS.length} phones, then a line for each word`,
  );
}

/** The ways to say a word, from the byte after its tab to the end of its line. */
function readWays(bytes: Uint8Array, start: number, phones: readonly string[]): string[][] {
  const ways: string[][] = [[]];
  for (let at = start; bytes[at] !== NEWLINE; at++) {
    if (bytes[at] === SPACE) ways.push([]);
    else ways[ways.length - 1].push(phones[PHONE_OF_BYTE[bytes[at]]] ?? '?');
  }
  return ways;
}

/** The byte after the tab that follows a word; −1 where there is no such word. Binary search. */
function findWays(bytes: Uint8Array, lineStart: Uint32Array, word: string): number {
  let low = HEADER_LINES;
  let high = lineStart.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const difference = compareWord(bytes, lineStart[middle], word);
    if (difference === 0) return lineStart[middle] + word.length + 1;
    if (difference < 0) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** Order of the word that begins at a byte, up to its tab, and another: below, at or above 0. */
function compareWord(bytes: Uint8Array, start: number, word: string): number {
  for (let index = 0; index < word.length; index++) {
    const difference = bytes[start + index] - word.charCodeAt(index); // a tab is below all that words have
    if (difference !== 0) return difference;
  }
  return bytes[start + word.length] === TAB ? 0 : 1;
}
