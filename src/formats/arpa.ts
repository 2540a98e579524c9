import {ModelFormatError} from '../graph/model-format-error.ts';

/** The n-grams of one order of an ARPA file, in its order. */
export interface ArpaTable {
  readonly words: Int32Array; // [count × n], row-major, oldest word first; indices into the words of the file
  readonly logProbs: Float64Array; // [count] base 10
  readonly backoffs: Float64Array; // [count] base 10, 0 where the file gives none
}

/** An ARPA file as plain data; `encodeNgramModel` of decode/ makes a model of it. */
export interface ArpaFile {
  readonly words: readonly string[]; // in the order of the 1-grams
  readonly tables: readonly ArpaTable[]; // [order], from 1-grams up
}

const HIGHEST_ORDER = 8;

/**
 * Reads an n-gram model in ARPA form: `\data\` with the counts, the n-grams of each order, `\end\`. Fields may be parted
 * by tabs or spaces; what stands before `\data\` and after `\end\` is not looked at. Any thread.
 * Format: https://cmusphinx.github.io/wiki/arpaformat/
 * @param text the whole file; counts that it is too short for are refused before anything is allocated.
 * @throws ModelFormatError with the number of the line, where counts are wrong, a number is none, a word has no 1-gram
 *   or two, a probability is above 1, or the file ends early.
 */
export function readArpa(text: string): ArpaFile {
  const lines = new LineReader(text);
  const counts = readCounts(lines);
  const ids = new Map<string, number>();
  const tables = counts.map((count, index) => {
    const order = index + 1;
    lines.expect(`\\${order}-grams:`);
    return readTable(lines, {count, order, isHighest: order === counts.length}, ids);
  });
  lines.expect('\\end\\');
  return {words: [...ids.keys()], tables};
}

/** The lines of a text that are not blank, one at a time. */
class LineReader {
  /** The line to be read, trimmed; undefined at the end of the text. */
  line: string | undefined = '';
  readonly length: number;
  readonly #text: string;
  #position = 0;
  #lineNumber = 0;

  constructor(text: string) {
    this.#text = text;
    this.length = text.length;
    this.advance();
  }

  advance(): void {
    do {
      this.line = this.#readLine();
    } while (this.line === '');
  }

  /** Goes past a line that must be there. */
  expect(wanted: string): void {
    if (this.line !== wanted) throw this.error(`"${wanted}"`);
    this.advance();
  }

  /** The error that names the line to be read, and shows the start of it: a hostile line can be long. */
  error(expected: string): ModelFormatError {
    const got = this.line === undefined ? 'the end' : `"${this.line.slice(0, 80)}"`;
    return new ModelFormatError(`${got} at line ${this.#lineNumber} of an ARPA file`, expected);
  }

  #readLine(): string | undefined {
    if (this.#position >= this.#text.length) return undefined;
    const newline = this.#text.indexOf('\n', this.#position);
    const end = newline < 0 ? this.#text.length : newline;
    const line = this.#text.slice(this.#position, end);
    this.#position = end + 1;
    this.#lineNumber += 1;
    return line.trim();
  }
}

function readCounts(lines: LineReader): readonly number[] {
  while (lines.line !== undefined && lines.line !== '\\data\\') lines.advance();
  lines.expect('\\data\\');
  const counts: number[] = [];
  let leastLength = 0;
  for (;;) {
    const match = /^ngram\s+(\d+)\s*=\s*(\d+)$/.exec(lines.line ?? '');
    if (!match) break;
    const order = counts.length + 1;
    const count = Number(match[2]);
    leastLength += count * (2 * order + 1); // a digit, and a space and a letter for each word
    if (Number(match[1]) !== order || order > HIGHEST_ORDER || leastLength > lines.length) {
      const room = `what fits into ${lines.length} characters`;
      throw lines.error(`"ngram ${order}=…", at most order ${HIGHEST_ORDER} and ${room}`);
    }
    counts.push(count);
    lines.advance();
  }
  if (counts.length === 0) throw lines.error('"ngram 1=…"');
  return counts;
}

interface TableShape {
  readonly count: number;
  readonly order: number;
  readonly isHighest: boolean;
}

function readTable(lines: LineReader, shape: TableShape, ids: Map<string, number>): ArpaTable {
  const {count, order} = shape;
  const table = {
    words: new Int32Array(count * order),
    logProbs: new Float64Array(count),
    backoffs: new Float64Array(count),
  };
  for (let ngram = 0; ngram < count; ngram++) {
    const fields = readFields(lines, shape, ngram);
    const logProb = readNumber(lines, fields[0]);
    if (logProb > 0) throw lines.error('a logarithm of a probability, at most 0');
    table.logProbs[ngram] = logProb;
    if (fields.length > order + 1) table.backoffs[ngram] = readNumber(lines, fields[order + 1]);
    for (let place = 0; place < order; place++) {
      const word = fields[place + 1] ?? '';
      table.words[ngram * order + place] =
        order === 1 ? addWord(lines, word, ids) : findWord(lines, word, ids);
    }
    lines.advance();
  }
  return table;
}

/** Probability, words, and below the highest order at most a back-off weight. */
function readFields(lines: LineReader, {count, order, isHighest}: TableShape, ngram: number): string[] {
  if (lines.line === undefined || lines.line.startsWith('\\')) {
    throw lines.error(`${order}-gram ${ngram + 1} of ${count}`);
  }
  const fields = lines.line.split(/\s+/);
  const most = order + (isHighest ? 1 : 2);
  if (fields.length >= order + 1 && fields.length <= most) return fields;
  throw lines.error(
    `${order} words between a probability and ${isHighest ? 'the end' : 'a back-off weight'}`,
  );
}

function readNumber(lines: LineReader, field: string | undefined): number {
  const value = Number(field);
  if (Number.isFinite(value)) return value;
  throw lines.error('numbers');
}

function addWord(lines: LineReader, word: string, ids: Map<string, number>): number {
  if (ids.has(word)) throw lines.error('each word once');
  ids.set(word, ids.size);
  return ids.size - 1;
}

function findWord(lines: LineReader, word: string, ids: ReadonlyMap<string, number>): number {
  const id = ids.get(word);
  if (id === undefined) throw lines.error('words that have a 1-gram');
  return id;
}
