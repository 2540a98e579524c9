import type {ArpaFile} from '../../src/formats/arpa.ts';
import type {SeededRandom} from './prng.ts';

/** ARPA's back-off by its definition, over a map of all n-grams: slow and plain. */
export class ReferenceNgramModel {
  readonly #logProbs = new Map<string, number>();
  readonly #backoffs = new Map<string, number>();
  readonly #order: number;

  constructor({words, tables}: ArpaFile) {
    this.#order = tables.length;
    tables.forEach((table, index) => {
      for (let ngram = 0; ngram < table.logProbs.length; ngram++) {
        const ids = table.words.subarray(ngram * (index + 1), (ngram + 1) * (index + 1));
        const key = [...ids].map((id) => words[id]).join(' ');
        this.#logProbs.set(key, table.logProbs[ngram]! * Math.LN10);
        this.#backoffs.set(key, table.backoffs[ngram]! * Math.LN10);
      }
    });
  }

  /** ln P(word | context), where the context holds all words from the start on. */
  score(word: string, context: readonly string[]): number {
    const known = context.map((each) => (this.#logProbs.has(each) ? each : '<unk>'));
    const wanted = this.#logProbs.has(word) ? word : '<unk>';
    return this.#backOff(wanted, this.#order === 1 ? [] : known.slice(1 - this.#order));
  }

  #backOff(word: string, context: readonly string[]): number {
    const found = this.#logProbs.get([...context, word].join(' '));
    if (found !== undefined) return found;
    if (context.length === 0) throw new Error(`the reference has no ${word}`);
    return (this.#backoffs.get(context.join(' ')) ?? 0) + this.#backOff(word, context.slice(1));
  }
}

/**
 * A random model in ARPA form, with <s>, </s>, <unk> and words of one letter. Every n-gram has its prefix, as ARPA
 * asks; not every one has its suffix, and some contexts have no back-off weight, as after pruning.
 */
export function randomArpa(random: SeededRandom, order: number, wordCount: number): string {
  const words = [
    '<s>',
    '</s>',
    '<unk>',
    ...Array.from('abcdefghijklmnopqrstuvwxyzäß漢😀').slice(0, wordCount),
  ];
  const levels: string[][] = [words];
  for (let n = 2; n <= order; n++) {
    const grams = (levels[n - 2] ?? []).flatMap((prefix) =>
      words.filter(() => random.next() < 2 / words.length).map((word) => `${prefix} ${word}`),
    );
    levels.push(grams);
  }
  const lines = levels.map((grams, index) =>
    grams.map((gram) => {
      const backoff =
        index + 1 < order && random.next() < 0.8 ? `\t${random.between(-1, 0.2).toFixed(4)}` : '';
      return `${random.between(-6, 0).toFixed(4)}\t${gram}${backoff}`;
    }),
  );
  return formatArpa(lines);
}

/** An ARPA file of lines by order, with the counts that they have. */
export function formatArpa(levels: readonly (readonly string[])[]): string {
  const counts = levels.map((lines, index) => `ngram ${index + 1}=${lines.length}`);
  const sections = levels.map((lines, index) => [`\\${index + 1}-grams:`, ...lines, ''].join('\n'));
  return ['\\data\\', ...counts, '', ...sections, '\\end\\', ''].join('\n');
}
