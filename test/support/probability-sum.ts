import {scoreWord, type NgramModel} from '../../src/decode/ngram-model.ts';

/** The probabilities of all that can follow some words at the start of a sentence, summed: 1 but for rounding. */
export function probabilitySum(model: NgramModel, context: readonly string[]): number {
  const next = Int32Array.of(model.startState);
  for (const word of context) scoreWord(model, next[0]!, model.wordIdOf(word), next);
  const state = next[0]!;
  const startId = model.wordIdOf('<s>'); // nothing is followed by a start
  let sum = 0;
  for (let wordId = 0; wordId < model.wordCount; wordId++) {
    if (wordId !== startId) sum += Math.exp(scoreWord(model, state, wordId, next));
  }
  return sum;
}
