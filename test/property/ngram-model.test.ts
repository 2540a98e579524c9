import {describe, expect, test} from 'vitest';
import {encodeNgramModel} from '../../src/decode/encode-ngram-model.ts';
import {LanguageModelError} from '../../src/decode/language-model-error.ts';
import {openNgramModel, scoreEnd, scoreWord, type NgramModel} from '../../src/decode/ngram-model.ts';
import {readArpa} from '../../src/formats/arpa.ts';
import {ModelFormatError} from '../../src/graph/model-format-error.ts';
import {mutate} from '../support/mutate-bytes.ts';
import {seededRandom} from '../support/prng.ts';
import {randomArpa, ReferenceNgramModel} from '../support/reference-ngram.ts';

const MODEL_COUNT = 40;
const SENTENCE_COUNT = 40;
const MUTATION_COUNT = 4_000;

function open(arpa: string): NgramModel {
  return openNgramModel(encodeNgramModel(readArpa(arpa)));
}

test.each([1, 2, 3, 4, 5])('order %i: the binary form scores as the ARPA form, in every context', (order) => {
  const random = seededRandom(60 + order);
  for (let count = 0; count < MODEL_COUNT; count++) {
    const arpa = randomArpa(random, order, random.integer(1, 12));
    const reference = new ReferenceNgramModel(readArpa(arpa));
    const model = open(arpa);
    const words = Array.from({length: model.wordCount}, (_, id) => model.wordOf(id));
    const next = new Int32Array(1);
    for (let sentence = 0; sentence < SENTENCE_COUNT; sentence++) {
      const context = ['<s>'];
      let state = model.startState;
      for (let length = random.integer(1, 8); length > 0; length--) {
        const word = random.pick([...words, 'unknown']);
        const logProb = scoreWord(model, state, model.wordIdOf(word), next);
        const told = `${context.join(' ')} → ${word}, model ${count} of seed ${random.seed}`;
        expect(logProb, told).toBeCloseTo(reference.score(word, context), 9);
        context.push(word);
        state = next[0]!;
        expect(scoreEnd(model, state), `the end of ${told}`).toBeCloseTo(reference.score('</s>', context), 9);
      }
    }
  }
});

describe('the fuzzed reader', () => {
  /** Walks a model that may be damaged within its rules; ends whatever it holds. */
  function walk(model: NgramModel): void {
    const next = Int32Array.of(model.startState);
    for (let step = 0; step < 50; step++)
      scoreWord(model, next[0]!, (step * 7) % (model.wordCount + 1), next);
    scoreEnd(model, next[0]!);
    for (let word = 0; word < Math.min(model.wordCount, 20); word++) model.wordOf(word);
  }

  test(`${MUTATION_COUNT} mutations of binary models give a model or a LanguageModelError`, () => {
    const random = seededRandom(71);
    const files = [1, 2, 3, 4].map(
      (order) => new Uint8Array(encodeNgramModel(readArpa(randomArpa(random, order, 10)))),
    );
    let refused = 0;
    for (let count = 0; count < MUTATION_COUNT; count++) {
      const file = random.pick(files);
      const words = Array.from({length: file.length >> 2}, (_, index) => 4 * index);
      const {kind, bytes} = mutate(file, words, random);
      try {
        walk(openNgramModel(bytes.slice().buffer));
      } catch (error) {
        refused += 1;
        expect(error, `${kind}, mutation ${count} of seed ${random.seed}`).toBeInstanceOf(LanguageModelError);
      }
    }
    expect(refused).toBeGreaterThan(MUTATION_COUNT / 4);
    expect(refused).toBeLessThan(MUTATION_COUNT); // else no damaged model was walked
  });

  test(`${MUTATION_COUNT} mutations of ARPA files give a model or a typed error`, () => {
    const random = seededRandom(72);
    const files = [1, 2, 3, 4].map((order) => new TextEncoder().encode(randomArpa(random, order, 6)));
    let refused = 0;
    for (let count = 0; count < MUTATION_COUNT; count++) {
      const {kind, bytes} = mutate(random.pick(files), [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40], random);
      try {
        walk(open(new TextDecoder().decode(bytes)));
      } catch (error) {
        refused += 1;
        const isTyped = error instanceof LanguageModelError || error instanceof ModelFormatError;
        expect(isTyped, `${String(error)}: ${kind}, mutation ${count} of seed ${random.seed}`).toBe(true);
      }
    }
    expect(refused).toBeGreaterThan(MUTATION_COUNT / 4);
    expect(refused).toBeLessThan(MUTATION_COUNT);
  });
});
