import {describe, expect, it} from 'vitest';
import {ctcAlign} from '../../src/decode/ctc-align.ts';
import {CtcPrefixBeam, ctcPrefixBeamSearch} from '../../src/decode/ctc-prefix-beam.ts';
import {enumerateLabellings, randomLogProbs} from '../support/ctc-cases.ts';
import {seededRandom} from '../support/prng.ts';
import {textbookPrefixBeamSearch} from '../support/textbook-prefix-beam.ts';

const TOLERANCE = 1e-9;
const NO_LIMIT = 10_000;

describe('the prefix beam search', () => {
  it('without pruning finds every labelling and its mass, as walking all paths does', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed);
      const tokenCount = random.integer(2, 4);
      const ctc = {tokenCount, blankId: random.integer(0, tokenCount - 1)};
      const frameCount = random.integer(0, tokenCount === 2 ? 9 : 6);
      const logProbs = randomLogProbs(random, {tokenCount, frameCount}, random.between(0.2, 4));
      const expected = enumerateLabellings(logProbs, ctc);
      const got = ctcPrefixBeamSearch(logProbs, {...ctc, beamWidth: NO_LIMIT});
      expect(got.length, `seed ${seed}`).toBe(expected.size);
      for (const {tokens, logProb} of got) {
        const mass = expected.get(tokens.join()) ?? NaN;
        expect(Math.abs(logProb - mass), `seed ${seed}, ${tokens.join()}`).toBeLessThan(TOLERANCE);
      }
    }
  });

  it('keeps what the textbook search keeps, with its masses, over hundreds of frames', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const tokenCount = random.integer(2, 12);
      const options = {
        tokenCount,
        blankId: random.integer(0, tokenCount - 1),
        beamWidth: random.integer(1, 24),
      };
      const size = {tokenCount, frameCount: random.integer(50, 250)};
      const logProbs = randomLogProbs(random, size, random.between(0.5, 6));
      const expected = textbookPrefixBeamSearch(logProbs, options);
      const got = ctcPrefixBeamSearch(logProbs, options);
      expect(
        got.map(({tokens}) => tokens.join()),
        `seed ${seed}`,
      ).toEqual(expected.map(({tokens}) => tokens.join()));
      got.forEach(({logProb}, rank) =>
        expect(Math.abs(logProb - expected[rank]!.logProb), `seed ${seed}`).toBeLessThan(1e-7),
      );
    }
  });

  it('never makes a NaN of tokens that are impossible here and there, and keeps what the textbook search keeps', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const options = {tokenCount: 6, blankId: random.integer(0, 5), beamWidth: random.integer(1, 16)};
      const logProbs = randomLogProbs(random, {tokenCount: 6, frameCount: 80}, 3).map((logProb, index) =>
        index % 6 !== options.blankId && random.next() < 0.5 ? -Infinity : logProb,
      );
      const expected = textbookPrefixBeamSearch(logProbs, options);
      const got = ctcPrefixBeamSearch(logProbs, options);
      expect(
        got.map(({tokens}) => tokens.join()),
        `seed ${seed}`,
      ).toEqual(expected.map(({tokens}) => tokens.join()));
      for (const hypothesis of got) {
        expect(Number.isFinite(hypothesis.logProb), `seed ${seed}`).toBe(true);
        expect(hypothesis.tokenLogProbs.every(Number.isFinite), `seed ${seed}`).toBe(true);
      }
    }
  });

  it('gives the same when tokens without a chance are added', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = seededRandom(seed);
      const logProbs = randomLogProbs(random, {tokenCount: 5, frameCount: 60}, 3);
      const wider = new Float64Array(60 * 8).fill(-Infinity);
      for (let frame = 0; frame < 60; frame++)
        wider.set(logProbs.subarray(5 * frame, 5 * frame + 5), 8 * frame);
      const options = {blankId: random.integer(0, 4), beamWidth: 12};
      expect(ctcPrefixBeamSearch(wider, {...options, tokenCount: 8}), `seed ${seed}`).toEqual(
        ctcPrefixBeamSearch(logProbs, {...options, tokenCount: 5}),
      );
    }
  });

  it('never changes what it called stable, and ends with the same however the frames are cut', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = seededRandom(seed);
      const options = {tokenCount: 6, blankId: random.integer(0, 5), beamWidth: 8};
      const logProbs = randomLogProbs(random, {tokenCount: 6, frameCount: 200}, 4);
      const search = new CtcPrefixBeam(options);
      let stable: readonly number[] = [];
      for (let frame = 0; frame < 200;) {
        const end = Math.min(200, frame + random.integer(0, 20));
        search.accept(logProbs.subarray(6 * frame, 6 * end));
        const tokens = Array.from(search.best().tokens);
        expect(tokens.slice(0, stable.length), `seed ${seed}`).toEqual(stable);
        stable = tokens.slice(0, search.stablePrefixLength());
        frame = end;
      }
      expect(search.nBest(8), `seed ${seed}`).toEqual(ctcPrefixBeamSearch(logProbs, options));
    }
  });

  it('times tokens as the best alignment of the same tokens, where nothing was pruned', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      const ctc = {tokenCount: 4, blankId: random.integer(0, 3)};
      const logProbs = randomLogProbs(random, {tokenCount: 4, frameCount: 6}, 2);
      for (const hypothesis of ctcPrefixBeamSearch(logProbs, {...ctc, beamWidth: NO_LIMIT}, 20)) {
        const aligned = ctcAlign(logProbs, hypothesis.tokens, ctc)!;
        expect(hypothesis.startFrames, `seed ${seed}`).toEqual(aligned.startFrames);
        expect(hypothesis.endFrames, `seed ${seed}`).toEqual(aligned.endFrames);
      }
    }
  });
});
