import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {openNgramModel, scoreEnd, scoreWord, spokenWords} from '../../src/decode/ngram-model.ts';
import {probabilitySum} from '../support/probability-sum.ts';
import {readRepositoryFile, repositoryPath} from '../support/repository.ts';

const bytes = new Uint8Array(readFileSync(repositoryPath('public/models/earshot-lm/earshot-lm.bin')));
const model = openNgramModel(bytes.buffer);

function scoreSentence(sentence: string): number {
  const next = Int32Array.of(model.startState);
  let total = 0;
  for (const word of sentence.split(' ')) total += scoreWord(model, next[0]!, model.wordIdOf(word), next);
  return total + scoreEnd(model, next[0]!);
}

describe('the built-in language model', () => {
  test('is the file that its README pins', () => {
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect(readRepositoryFile('public/models/earshot-lm/README.md')).toContain(digest);
  });

  test('has words of small letters and apostrophes', () => {
    expect(spokenWords(model)).toHaveLength(49_997);
    expect(spokenWords(model).filter((word) => !/^[a-z']+$/.test(word))).toEqual([]);
  });

  test.each(['', 'the', 'of the', 'i do not', 'a zebra', 'once upon a', 'in the middle'])(
    'gives all that can follow "%s" probabilities that sum to 1, but for the rounding',
    (context) => {
      const sum = probabilitySum(model, context === '' ? [] : context.split(' '));
      expect(Math.abs(sum - 1)).toBeLessThan(2e-3);
    },
  );

  test.each([
    ['she had a great deal to say', 'she had a grate deal to say'],
    ['they went to the sea', 'they went two the see'],
    ['i do not know', 'i do not no'],
  ])('prefers "%s" to what sounds alike', (sentence, alike) => {
    expect(scoreSentence(sentence)).toBeGreaterThan(scoreSentence(alike) + 2);
  });
});
