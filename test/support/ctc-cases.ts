import {logAdd, logSoftmaxInto} from '../../src/decode/log-softmax.ts';
import type {SeededRandom} from './prng.ts';

/** Random log-probabilities, [frameCount × tokenCount]; the larger the spread, the surer. */
export function randomLogProbs(
  random: SeededRandom,
  {frameCount, tokenCount}: {frameCount: number; tokenCount: number},
  spread: number,
): Float64Array {
  const logProbs = Float64Array.from({length: frameCount * tokenCount}, () => spread * random.gaussian());
  logSoftmaxInto(logProbs, tokenCount, logProbs);
  return logProbs;
}

/** ln p of every labelling, its tokens joined by commas: each of the tokenCount^frameCount paths is walked. */
export function enumerateLabellings(
  logProbs: Float64Array,
  {tokenCount, blankId}: {tokenCount: number; blankId: number},
): Map<string, number> {
  const masses = new Map<string, number>();
  const walk = (row: number, previous: number, tokens: readonly number[], logProb: number): void => {
    if (row === logProbs.length) {
      masses.set(tokens.join(), logAdd(masses.get(tokens.join()) ?? -Infinity, logProb));
      return;
    }
    for (let token = 0; token < tokenCount; token++) {
      const longer = token === blankId || token === previous ? tokens : [...tokens, token];
      walk(row + tokenCount, token, longer, logProb + (logProbs[row + token] ?? NaN));
    }
  };
  walk(0, blankId, [], 0);
  return masses;
}
