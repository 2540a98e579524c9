import {expect, test} from 'vitest';
import {createLexicon} from '../../src/decode/create-lexicon.ts';
import {LexiconError} from '../../src/decode/lexicon-error.ts';
import {ARPABET, readCmudict} from '../../src/formats/cmudict.ts';
import {ModelFormatError} from '../../src/graph/model-format-error.ts';
import {mutate} from '../support/mutate-bytes.ts';
import {seededRandom} from '../support/prng.ts';

const MUTATION_COUNT = 2_000;
const dictionary =
  'abaci AE1 B AH0 S AY2\nabaci(2) AE1 B AH0 K IY0\nbase B EY1 S\n;;; a comment\nbass B EY1 S # fish\n';

test(`${MUTATION_COUNT} mutations of a dictionary give a lexicon or a typed error`, () => {
  const random = seededRandom(81);
  const tokenIndex = new Map(ARPABET.map((phone, index) => [phone, index]));
  const bytes = new TextEncoder().encode(dictionary.repeat(20));
  let refused = 0;
  for (let count = 0; count < MUTATION_COUNT; count++) {
    const mutation = mutate(bytes, [0, 24, 48, 72], random);
    try {
      createLexicon(readCmudict(new TextDecoder().decode(mutation.bytes)), tokenIndex);
    } catch (error) {
      refused += 1;
      const isTyped = error instanceof ModelFormatError || error instanceof LexiconError;
      expect(isTyped, `${mutation.kind}, mutation ${count} of seed ${random.seed}`).toBe(true);
    }
  }
  expect(refused).toBeGreaterThan(MUTATION_COUNT / 4);
  expect(refused).toBeLessThan(MUTATION_COUNT);
});
