import {describe, expect, it} from 'vitest';
import {CtcPrefixBeam, ctcPrefixBeamSearch} from '../../../src/decode/ctc-prefix-beam.ts';
import {randomLogProbs} from '../../support/ctc-cases.ts';
import {seededRandom} from '../../support/prng.ts';

const OPTIONS = {tokenCount: 3, blankId: 0, beamWidth: 8};
const LOG_HALF = Math.log(0.5);
const [BLANK, A] = [
  [0, -Infinity, -Infinity],
  [-Infinity, 0, -Infinity],
] as const;

describe('the prefix beam search', () => {
  it('begins with nothing said, for certain', () => {
    const search = new CtcPrefixBeam(OPTIONS);
    expect(search.best()).toMatchObject({logProb: 0, logProbBlank: 0, logProbNonBlank: -Infinity, score: 0});
    expect(search.best().tokens).toHaveLength(0);
    expect(search.stablePrefixLength()).toBe(0);
    expect(search.nBest(5)).toHaveLength(1);
  });

  it('takes no frames as none', () => {
    const search = new CtcPrefixBeam(OPTIONS);
    search.accept(new Float32Array(0));
    expect(search.frameCount).toBe(0);
    expect(search.best().logProb).toBe(0);
  });

  it('tells a repeat from a token said twice', () => {
    const tokensOf = (rows: readonly (readonly number[])[]) =>
      Array.from(ctcPrefixBeamSearch(Float64Array.from(rows.flat()), OPTIONS)[0]!.tokens);
    expect(tokensOf([A, A])).toEqual([1]);
    expect(tokensOf([A, BLANK, A])).toEqual([1, 1]);
  });

  it('tells the frames of its tokens, [start, end)', () => {
    const [first] = ctcPrefixBeamSearch(Float64Array.from([BLANK, A, A, BLANK, A].flat()), OPTIONS);
    expect(Array.from(first!.startFrames)).toEqual([1, 4]);
    expect(Array.from(first!.endFrames)).toEqual([3, 5]);
    expect(Array.from(first!.tokenLogProbs)).toEqual([0, 0]);
  });

  it('gives the tokens from an index on', () => {
    const search = new CtcPrefixBeam(OPTIONS);
    search.accept(Float64Array.from([A, BLANK, A, BLANK, A, BLANK].flat()));
    expect(search.stablePrefixLength()).toBeGreaterThan(0);
    expect(Array.from(search.best(1).startFrames)).toEqual([2, 4]);
    expect(Array.from(search.best(2).startFrames)).toEqual([4]);
    expect(search.best(3).tokens).toHaveLength(0);
  });

  it('gives up prefixes that are further behind the best one than the threshold', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const logProbs = randomLogProbs(seededRandom(seed), {tokenCount: 3, frameCount: 30}, 5);
      const counts = [Infinity, 60, 0.05].map(
        (beamThreshold) => ctcPrefixBeamSearch(logProbs, {...OPTIONS, beamThreshold}).length,
      );
      expect(counts.slice(0, 2), `seed ${seed}`).toEqual([8, 8]);
      expect(counts[2], `seed ${seed}`).toBeLessThan(8);
    }
  });

  it('finds with a wide threshold what it finds without', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const logProbs = randomLogProbs(seededRandom(seed), {tokenCount: 3, frameCount: 30}, 5);
      const wide = ctcPrefixBeamSearch(logProbs, {...OPTIONS, beamThreshold: 60});
      expect(wide, `seed ${seed}`).toEqual(ctcPrefixBeamSearch(logProbs, OPTIONS));
    }
  });

  it('refuses a threshold that would leave nothing', () => {
    expect(() => new CtcPrefixBeam({...OPTIONS, beamThreshold: 0})).toThrow(
      'beamThreshold: got 0, expected a number above 0',
    );
  });

  it('starts anew after a reset', () => {
    const logProbs = randomLogProbs(seededRandom(3), {tokenCount: 3, frameCount: 80}, 3);
    const search = new CtcPrefixBeam(OPTIONS);
    search.accept(randomLogProbs(seededRandom(4), {tokenCount: 3, frameCount: 100}, 3));
    search.reset();
    expect(search.frameCount).toBe(0);
    search.accept(logProbs);
    expect(search.nBest(8)).toEqual(ctcPrefixBeamSearch(logProbs, OPTIONS));
  });

  it('passes over a frame in which nothing is possible', () => {
    const search = new CtcPrefixBeam(OPTIONS);
    const nothing = new Float64Array(3).fill(-Infinity);
    search.accept(Float64Array.from([...A, ...nothing, ...A]));
    expect(search.frameCount).toBe(3);
    expect(Array.from(search.best().tokens)).toEqual([1]);
    expect(search.best().logProb).toBe(0);
  });

  it('gives up rivals about the oldest token when too much is pending, so that memory is bounded', () => {
    // the first token is a tie for ever; what follows is certain
    const tie = [-Infinity, LOG_HALF, LOG_HALF];
    const later = Array.from({length: 40}, () => [BLANK, A]).flat(2);
    const open = new CtcPrefixBeam(OPTIONS);
    open.accept(Float64Array.from([...tie, ...later]));
    expect(open.stablePrefixLength()).toBe(0);
    const limited = new CtcPrefixBeam({...OPTIONS, maxPendingTokens: 10});
    limited.accept(Float64Array.from([...tie, ...later]));
    expect(limited.stablePrefixLength()).toBeGreaterThan(30);
    expect(limited.nBest(8)).toHaveLength(1);
    expect(limited.best().tokens).toHaveLength(41);
    expect(limited.best().startFrames).toEqual(open.best().startFrames);
  });

  it('prunes tokens by their probability and by their number, but never repeats and blanks', () => {
    const rows = Float64Array.from([0.5, 0.3, 0.2, 0.5, 0.3, 0.2].map(Math.log));
    const labellings = (pruning: object) =>
      ctcPrefixBeamSearch(rows, {...OPTIONS, ...pruning})
        .map(({tokens}) => tokens.join(' '))
        .toSorted();
    expect(labellings({})).toEqual(['', '1', '1 2', '2', '2 1']);
    expect(labellings({minTokenLogProb: Math.log(0.25)})).toEqual(['', '1']);
    expect(labellings({maxTokensPerFrame: 1})).toEqual(['', '1']);
    const [one] = ctcPrefixBeamSearch(rows, {...OPTIONS, maxTokensPerFrame: 1});
    expect(one!.logProb).toBeCloseTo(Math.log(2 * 0.5 * 0.3 + 0.3 * 0.3), 12);
  });

  it.each([
    ['logits', [4, -1, -2], 'got 4 for token 0 of frame 0'],
    ['posteriors', [0.7, 0.2, 0.1], 'got 0.7 for token 0 of frame 0'],
    ['NaN', [-1, -1, -1, -1, NaN, -1], 'got NaN for token 1 of frame 1'],
    ['a wrong width', [-1, -1, -1, -1], 'got 4, expected a multiple of 3 tokens'],
  ])('refuses %s, and goes on as if they had not come', (_what, values, message) => {
    const search = new CtcPrefixBeam(OPTIONS);
    expect(() => search.accept(Float64Array.from(values))).toThrow(RangeError);
    expect(() => search.accept(Float64Array.from(values))).toThrow(message);
    expect(search.frameCount).toBe(0);
  });

  it.each([
    [{beamWidth: 0}, 'beamWidth: got 0'],
    [{beamWidth: 1.5}, 'beamWidth: got 1.5'],
    [{blankId: 3}, 'blankId: got 3, expected an integer in 0…2'],
    [{tokenCount: 1}, 'tokenCount: got 1'],
    [{maxPendingTokens: 0}, 'maxPendingTokens: got 0'],
    [{maxTokensPerFrame: 0}, 'maxTokensPerFrame: got 0'],
    [{minTokenLogProb: NaN}, 'minTokenLogProb: got NaN'],
  ])('refuses %o', (wrong, message) => {
    expect(() => new CtcPrefixBeam({...OPTIONS, ...wrong})).toThrow(RangeError);
    expect(() => new CtcPrefixBeam({...OPTIONS, ...wrong})).toThrow(message);
  });
});
