import type {NgramTables} from '../../src/decode/encode-ngram-model.ts';
import type {SeededRandom} from './prng.ts';

/** How large a language to invent; n-grams beside the words are half of two and half of three words. */
export interface LanguageSize {
  readonly wordCount: number;
  readonly ngramCount: number;
}

const LETTERS = 'etaoinshrdlucmfwypvbgkjqxz';

/**
 * Invents an n-gram model of order 3: words of 2 to 9 letters, n-grams and probabilities by chance, frequent words in
 * more of them. It is as large as a real one and as slow to ask, and knows nothing.
 */
export function inventLanguage(random: SeededRandom, {wordCount, ngramCount}: LanguageSize): NgramTables {
  const words = inventWords(random, wordCount);
  const pairs = new Set<number>();
  const longerCount = ngramCount - words.length;
  // squared, so that low ids come more often, as frequent words do
  const pick = (): number => Math.floor(random.next() ** 2 * words.length);
  while (pairs.size < longerCount / 2) pairs.add(pick() * words.length + pick());
  const pairList = Array.from(pairs);
  const triples = new Set<number>();
  while (triples.size < longerCount / 2)
    triples.add(random.integer(0, pairList.length - 1) * words.length + pick());
  const split = (pair: number) => [Math.floor(pair / words.length), pair % words.length];
  return {
    words,
    tables: [
      tableOf(
        random,
        words.map((_, id) => [id]),
      ),
      tableOf(random, pairList.map(split)),
      tableOf(
        random,
        Array.from(triples, (triple) => {
          const [place, last] = split(triple);
          return [...split(pairList[place ?? 0] ?? 0), last ?? 0];
        }),
      ),
    ],
  };
}

function inventWords(random: SeededRandom, wordCount: number): string[] {
  const words = new Set(['<s>', '</s>', '<unk>']);
  const letter = (): string => LETTERS.charAt(Math.floor(random.next() ** 2 * LETTERS.length));
  while (words.size < wordCount) words.add(Array.from({length: random.integer(2, 9)}, letter).join(''));
  return Array.from(words);
}

function tableOf(
  random: SeededRandom,
  ngrams: readonly (readonly number[])[],
): NgramTables['tables'][number] {
  // three decimals, as models in ARPA form have few different values
  const between = (min: number, max: number) => Math.round(1000 * random.between(min, max)) / 1000;
  return {
    words: Int32Array.from(ngrams.flat()),
    logProbs: Float64Array.from(ngrams, () => between(-6, -1)),
    backoffs: Float64Array.from(ngrams, () => between(-1, 0)),
  };
}
