import {expect, test} from 'vitest';
import {KeywordClassifier} from '../../../src/pipeline/keyword-classifier.ts';
import type {KeywordSystem} from '../../../src/systems/keyword-system.ts';
import {maxAbsDifference} from '../../support/arrays.ts';
import {fakeKeywordSystem, fakeModel} from '../../support/fake-keyword-system.ts';

const answer = Float32Array.of(0, Math.log(2), Math.log(3), Math.log(2));

/** What the page sees where the network's output is `answer`. */
async function posteriorsOf(system: KeywordSystem): Promise<Float32Array> {
  const posteriors = new Float32Array(answer.length);
  const classifier = new KeywordClassifier(
    system,
    fakeModel(() => answer),
  );
  await classifier.classify(new Float32Array(490), posteriors);
  return posteriors;
}

function logitsAt(temperature?: number): KeywordSystem {
  const card = {...fakeKeywordSystem.card, ...(temperature !== undefined && {temperature})};
  return {...fakeKeywordSystem, output: 'logits', card};
}

test.each([
  ['at temperature 1 where the card has none', undefined, [1, 2, 3, 2]],
  ['at the temperature of the card', 0.5, [1, 4, 9, 4]],
  ['at a temperature that makes it less sure', 2, [1, Math.SQRT2, Math.sqrt(3), Math.SQRT2]],
])('logits go through the softmax %s', async (_, temperature, shares) => {
  const sum = shares.reduce((total, share) => total + share, 0);
  const expected = shares.map((share) => share / sum);
  expect(maxAbsDifference(await posteriorsOf(logitsAt(temperature)), expected)).toBeLessThan(1e-6);
});

test('posteriors are taken as they are', async () => {
  expect(await posteriorsOf(fakeKeywordSystem)).toEqual(answer);
});

test('a card with a temperature is none of a system that gives posteriors, by its type', () => {
  const card = {...fakeKeywordSystem.card, temperature: 2};
  // @ts-expect-error: there are no logits to divide
  const system: KeywordSystem = {...fakeKeywordSystem, output: 'posteriors', card};
  expect(system.card.temperature).toBe(2);
});
