import {LikeliestWord, type LexiconWords} from './likeliest-word.ts';
import {scoreWordInto, type NgramModel} from './ngram-model.ts';

/** How likely an open word is to become one that the model likes, whatever was said before it. */
export interface WordExpectations {
  /** [nodeCount of the lexicon] the highest ln P of the words below each node; 0 at the root. */
  readonly logProbs: Float64Array;
  /** The lowest of them, at most 0. */
  readonly least: number;
}

/** Of the model's states: nothing was said before. */
const NO_CONTEXT = 0;

/**
 * Asks the model for every word of a lexicon: once for both, not for each search. Any thread. Allocates its result.
 * @param words as the search has them.
 */
export function expectWords(words: LexiconWords & {readonly model: NgramModel}): WordExpectations {
  const {lexicon, model} = words;
  const {modelIds} = new LikeliestWord(words);
  const {nodeCount, childStart, rootNode} = lexicon;
  const logProbs = new Float64Array(nodeCount).fill(-Infinity);
  const [next, logProb] = [new Int32Array(1), new Float64Array(1)];
  let least = 0;
  // a node's children stand behind it
  for (let node = nodeCount - 1; node >= 0; node--) {
    for (let which = 0; which < lexicon.wordCountAt(node); which++) {
      scoreWordInto(model, NO_CONTEXT, modelIds[lexicon.wordIdAt(node, which)], next, logProb);
      logProbs[node] = Math.max(logProbs[node], logProb[0]);
    }
    for (let child = childStart[node]; child < childStart[node + 1]; child++) {
      logProbs[node] = Math.max(logProbs[node], logProbs[child]);
    }
    least = Math.min(least, logProbs[node]);
  }
  logProbs[rootNode] = 0;
  return {logProbs, least};
}
