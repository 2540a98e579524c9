import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {ModelFormatError} from '../../src/graph/model-format-error.ts';
import {system} from '../../src/systems/earshot-kws/system.ts';
import {seededRandom} from '../support/prng.ts';
import type {SeededRandom} from '../support/prng.ts';

const MUTATION_COUNT = 2_000;
const weights = readFileSync(
  new URL(`../../public/models/${system.card.weights.builtInPath}`, import.meta.url),
);

/** A copy with bytes changed (mostly in the header, where they mean something), cut off, or with a piece repeated. */
function mutate(random: SeededRandom): Uint8Array {
  const bytes = Uint8Array.from(weights);
  const kind = random.integer(0, 9);
  if (kind === 0) return bytes.slice(0, random.integer(0, bytes.length));
  if (kind === 1)
    return Uint8Array.from([...bytes.slice(0, random.integer(0, 64)), ...bytes.slice(0, 4_000)]);
  const end = kind < 8 ? 3_000 : bytes.length;
  for (let change = random.integer(1, 4); change > 0; change--) {
    bytes[random.integer(0, end - 1)] = random.integer(0, 255);
  }
  return bytes;
}

test(`${MUTATION_COUNT} mutations of the built-in weights give a graph or a ModelFormatError`, () => {
  const random = seededRandom(11);
  let refused = 0;
  for (let count = 0; count < MUTATION_COUNT; count++) {
    try {
      system.buildGraph(mutate(random));
    } catch (error) {
      refused += 1;
      expect(error, `mutation ${count} of seed ${random.seed}`).toBeInstanceOf(ModelFormatError);
    }
  }
  expect(refused).toBeGreaterThan(MUTATION_COUNT / 4); // else the mutations would not reach the header
});
