import {LanguageModelError} from './language-model-error.ts';

/** Highest order of the models taken. */
export const HIGHEST_ORDER = 8;

const MAGIC = 0x4d474e45; // "ENGM" in the file
const VERSION = 1;
const FIXED_FIELDS = 6; // magic, version, bytes, order, values, bytes of vocabulary; then n-grams by order

/** What the header of a binary model says, and what sizes every section. */
export interface NgramCounts {
  readonly ngramCounts: readonly number[]; // [order]; the first is the number of words
  readonly valueCount: number;
  readonly vocabularyBytes: number;
}

/** The sections of a binary model, views over its buffer. */
export interface NgramSections {
  readonly values: Float64Array; // [valueCount] natural logarithms that the codes stand for
  readonly childStart: Uint32Array; // [contexts + 1]
  readonly links: Uint32Array; // [n-grams of order 3 to highest − 1]
  readonly wordOffsets: Uint32Array; // [words + 1] into `vocabulary`
  readonly labels: Uint16Array | Uint32Array; // [n-grams of order 2 and up]; 16 bits for up to 65,536 words
  readonly logProbCodes: Uint16Array; // [n-grams] into `values`
  readonly backoffCodes: Uint16Array; // [n-grams below the highest order] into `values`
  readonly vocabulary: Uint8Array; // [vocabularyBytes] UTF-8, words in the order of their bytes
}

/** First node of each order, from order 0, and at the end the node count: [order + 2]. */
export function computeLevelStart({ngramCounts}: NgramCounts): Uint32Array {
  const levelStart = new Uint32Array(ngramCounts.length + 2);
  levelStart[1] = 1;
  ngramCounts.forEach((count, index) => (levelStart[index + 2] = levelStart[index + 1] + count));
  return levelStart;
}

/** A new buffer with a header, and its empty sections. Any thread. */
export function allocateNgramModel(counts: NgramCounts): {buffer: ArrayBuffer; sections: NgramSections} {
  const {ngramCounts, valueCount, vocabularyBytes} = counts;
  const places = placeSections(counts);
  const buffer = new ArrayBuffer(places.end);
  const header = [
    MAGIC,
    VERSION,
    places.end,
    ngramCounts.length,
    valueCount,
    vocabularyBytes,
    ...ngramCounts,
  ];
  new Uint32Array(buffer).set(header);
  return {buffer, sections: viewSections(buffer, counts)};
}

/**
 * Reads the header of a binary model, whose sizes must fit the buffer to the byte. Any thread.
 * @throws LanguageModelError where they do not.
 */
export function readNgramCounts(buffer: ArrayBuffer): NgramCounts {
  if (buffer.byteLength < 4 * FIXED_FIELDS) {
    throw new LanguageModelError(`${buffer.byteLength} bytes`, `a header of ${4 * FIXED_FIELDS} or more`);
  }
  const header = new Uint32Array(buffer, 0, FIXED_FIELDS);
  const [magic, version, byteLength, order, valueCount, vocabularyBytes] = header;
  if (magic !== MAGIC)
    throw new LanguageModelError(`a file that begins with ${magic}`, `${MAGIC}, a language model`);
  if (version !== VERSION) throw new LanguageModelError(`version ${version}`, `version ${VERSION}`);
  if (order < 1 || order > HIGHEST_ORDER) {
    throw new LanguageModelError(`order ${order}`, `1 to ${HIGHEST_ORDER}`);
  }
  if (byteLength !== buffer.byteLength || byteLength < 4 * (FIXED_FIELDS + order)) {
    throw new LanguageModelError(`${buffer.byteLength} bytes`, `${byteLength} as the header says`);
  }
  const ngramCounts = [...new Uint32Array(buffer, 4 * FIXED_FIELDS, order)];
  const counts = {ngramCounts, valueCount, vocabularyBytes};
  const {end} = placeSections(counts);
  if (end !== byteLength)
    throw new LanguageModelError(`${byteLength} bytes`, `${end} for the counts in its header`);
  return counts;
}

/** Views of the sections of a buffer that {@link readNgramCounts} took, or that was allocated. Any thread. */
export function viewSections(buffer: ArrayBuffer, counts: NgramCounts): NgramSections {
  const at = placeSections(counts);
  const {wordCount, labelCount, nodeCount, contextCount, linkCount} = sizesOf(counts);
  const Labels = labelsAre16Bit(wordCount) ? Uint16Array : Uint32Array;
  return {
    values: new Float64Array(buffer, at.values, counts.valueCount),
    childStart: new Uint32Array(buffer, at.childStart, contextCount + 1),
    links: new Uint32Array(buffer, at.links, linkCount),
    wordOffsets: new Uint32Array(buffer, at.wordOffsets, wordCount + 1),
    labels: new Labels(buffer, at.labels, labelCount),
    logProbCodes: new Uint16Array(buffer, at.logProbCodes, nodeCount - 1),
    backoffCodes: new Uint16Array(buffer, at.backoffCodes, contextCount - 1),
    vocabulary: new Uint8Array(buffer, at.vocabulary, counts.vocabularyBytes),
  };
}

/** Byte offset of every section, each a multiple of 8, and of the end. Sums in doubles: no count can overflow it. */
function placeSections(counts: NgramCounts): Readonly<Record<keyof NgramSections | 'end', number>> {
  const {wordCount, labelCount, nodeCount, contextCount, linkCount} = sizesOf(counts);
  let position = 0;
  const take = (bytes: number): number => {
    const start = position;
    position += Math.ceil(bytes / 8) * 8;
    return start;
  };
  take(4 * (FIXED_FIELDS + counts.ngramCounts.length));
  return {
    values: take(8 * counts.valueCount),
    childStart: take(4 * (contextCount + 1)),
    links: take(4 * linkCount),
    wordOffsets: take(4 * (wordCount + 1)),
    labels: take((labelsAre16Bit(wordCount) ? 2 : 4) * labelCount),
    logProbCodes: take(2 * (nodeCount - 1)),
    backoffCodes: take(2 * (contextCount - 1)),
    vocabulary: take(counts.vocabularyBytes),
    end: position,
  };
}

function labelsAre16Bit(wordCount: number): boolean {
  return wordCount <= 0x10000;
}

interface Sizes {
  readonly wordCount: number;
  readonly labelCount: number;
  readonly nodeCount: number;
  readonly contextCount: number;
  readonly linkCount: number;
}

function sizesOf({ngramCounts}: NgramCounts): Sizes {
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const wordCount = ngramCounts[0];
  const nodeCount = 1 + sum(ngramCounts);
  return {
    wordCount,
    labelCount: nodeCount - 1 - wordCount,
    nodeCount,
    contextCount: 1 + sum(ngramCounts.slice(0, -1)),
    linkCount: sum(ngramCounts.slice(2, -1)),
  };
}
