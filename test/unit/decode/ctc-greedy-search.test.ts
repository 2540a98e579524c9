import {expect, it} from 'vitest';
import {ctcAlign} from '../../../src/decode/ctc-align.ts';
import {ctcGreedyDecode} from '../../../src/decode/ctc-greedy.ts';
import {CtcGreedySearch} from '../../../src/decode/ctc-greedy-search.ts';
import {seededRandom} from '../../support/prng.ts';

const CTC = {tokenCount: 5, blankId: 2};
const logProbs = seededRandom(3)
  .samples(60 * CTC.tokenCount, 2)
  .map((value) => value - 2.1);

it('finds what the best path has, however the utterance is cut, and forgets it by reset', () => {
  const search = new CtcGreedySearch(CTC);
  const expected = ctcGreedyDecode(logProbs, CTC);
  for (const frames of [60, 1, 7]) {
    search.reset();
    const piece = new Float32Array(frames * CTC.tokenCount); // reused, as networks do
    for (let start = 0; start < logProbs.length; start += piece.length) {
      const next = logProbs.subarray(start, start + piece.length);
      piece.set(next);
      search.accept(piece.subarray(0, next.length));
    }
    expect(search.best()).toMatchObject(expected);
    expect(search.stablePrefixLength()).toBe(expected.tokens.length);
    expect(search.nBest(3)).toEqual([search.best()]);
  }
  search.reset();
  expect(search.best().tokens).toHaveLength(0);
});

it('gives each token the mean ln p over its frames, as the alignment of its tokens does', () => {
  const search = new CtcGreedySearch(CTC);
  search.accept(logProbs);
  const {tokens, tokenLogProbs} = search.best();
  expect(tokens.length).toBeGreaterThan(10);
  expect(tokenLogProbs).toEqual(ctcAlign(logProbs, tokens, CTC)?.tokenLogProbs);
});

it('decodes once for each piece that it accepts, however often it is asked', () => {
  const search = new CtcGreedySearch(CTC);
  search.accept(logProbs);
  const first = search.best();
  expect(search.best()).toBe(first);
  expect(search.nBest(1)[0]).toBe(first);
  search.accept(logProbs);
  expect(search.best()).not.toBe(first);
  expect(search.best()).toMatchObject(ctcGreedyDecode(Float32Array.of(...logProbs, ...logProbs), CTC));
});
