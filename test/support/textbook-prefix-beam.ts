import {logAdd} from '../../src/decode/log-softmax.ts';

/** A prefix of the textbook search. */
export interface TextbookHypothesis {
  readonly tokens: readonly number[];
  readonly logProb: number;
  /** logProb + what the scorer gave the prefix. */
  readonly score: number;
}

/** What is added to a prefix: during the search, and at the end. */
export type TextbookScorer = (tokens: readonly number[], isEnd: boolean) => number;

interface Entry {
  readonly tokens: readonly number[];
  logProbBlank: number;
  logProbNonBlank: number;
}

/**
 * Prefix beam search as textbooks have it (Hannun et al. 2014, algorithm 1): a Map from the prefix as a string to its
 * two masses, in doubles, all tokens tried, everything made anew in each frame. For comparison, in results and in time.
 */
export function textbookPrefixBeamSearch(
  logProbs: Float64Array,
  {tokenCount, blankId, beamWidth}: {tokenCount: number; blankId: number; beamWidth: number},
  scorer: TextbookScorer = () => 0,
): TextbookHypothesis[] {
  let beam: Entry[] = [{tokens: [], logProbBlank: 0, logProbNonBlank: -Infinity}];
  for (let row = 0; row < logProbs.length; row += tokenCount) {
    const next = new Map<string, Entry>();
    const entryOf = (tokens: readonly number[]): Entry => {
      const key = tokens.join();
      const known = next.get(key);
      if (known !== undefined) return known;
      const entry = {tokens, logProbBlank: -Infinity, logProbNonBlank: -Infinity};
      next.set(key, entry);
      return entry;
    };
    for (const {tokens, logProbBlank, logProbNonBlank} of beam) {
      const both = logAdd(logProbBlank, logProbNonBlank);
      for (let token = 0; token < tokenCount; token++) {
        const logProb = logProbs[row + token] ?? NaN;
        const same = token === blankId ? entryOf(tokens) : undefined;
        if (same !== undefined) {
          same.logProbBlank = logAdd(same.logProbBlank, both + logProb);
          continue;
        }
        const longer = entryOf([...tokens, token]);
        const isRepeat = tokens.at(-1) === token;
        longer.logProbNonBlank = logAdd(longer.logProbNonBlank, (isRepeat ? logProbBlank : both) + logProb);
        if (!isRepeat) continue;
        const stayed = entryOf(tokens);
        stayed.logProbNonBlank = logAdd(stayed.logProbNonBlank, logProbNonBlank + logProb);
      }
    }
    beam = rank([...next.values()], (tokens) => scorer(tokens, false))
      .slice(0, beamWidth)
      .map(({entry}) => entry);
  }
  return rank(beam, (tokens) => scorer(tokens, true)).map(({entry, score}) => ({
    tokens: entry.tokens,
    logProb: logAdd(entry.logProbBlank, entry.logProbNonBlank),
    score,
  }));
}

function rank(entries: readonly Entry[], scoreOf: (tokens: readonly number[]) => number) {
  return entries
    .map((entry) => ({
      entry,
      score: logAdd(entry.logProbBlank, entry.logProbNonBlank) + scoreOf(entry.tokens),
    }))
    .filter(({score}) => score > -Infinity)
    .sort((a, b) => b.score - a.score);
}
