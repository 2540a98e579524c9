import {describe, expect, it} from 'vitest';
import {ctcAlign} from '../../src/decode/ctc-align.ts';
import {ctcGreedyDecode} from '../../src/decode/ctc-greedy.ts';
import {CtcPrefixBeam, ctcPrefixBeamSearch} from '../../src/decode/ctc-prefix-beam.ts';
import {computeWords} from '../../src/decode/ctc-words.ts';
import {logSoftmaxInto} from '../../src/decode/log-softmax.ts';
import {
  alignments,
  decodings,
  goldenAlphabet,
  logitsOf,
  specialDecodings,
  tinyDecodings,
  type GoldenBeam,
  type GoldenDecoding,
} from '../support/ctc-goldens.ts';

const DIGITS = 9; // of logarithms, doubles throughout: the order of the sums differs
const SINGLE_TOLERANCE = 2e-4; // logits rounded to single precision, sums over up to 150 frames
const SAFE_GAP = 1e-4; // below it single precision may keep another prefix, says the reference

const logProbsOf = (golden: {readonly C: number; readonly logits: readonly (readonly number[])[]}) => {
  const logits = logitsOf(golden);
  logSoftmaxInto(logits, golden.C, logits);
  return logits;
};
const tokensOf = ({C, blank}: {readonly C: number; readonly blank: number}) => ({
  tokenCount: C,
  blankId: blank,
});
const spansOf = (spans: {startFrames: Int32Array; endFrames: Int32Array}) =>
  Array.from(spans.startFrames, (start, index) => [start, spans.endFrames[index]]);

describe('greedy decoding', () => {
  it.each([...decodings, ...specialDecodings])('gives the tokens and spans of $name', (golden) => {
    for (const logits of [logitsOf(golden), Float32Array.from(logitsOf(golden))]) {
      const got = ctcGreedyDecode(logits, tokensOf(golden));
      expect(Array.from(got.tokens)).toEqual(golden.greedy.tokens);
      expect(spansOf(got)).toEqual(golden.greedy.spans);
    }
  });

  it.each(tinyDecodings)('gives the tokens of $name', (golden) => {
    expect(Array.from(ctcGreedyDecode(logitsOf(golden), tokensOf(golden)).tokens)).toEqual(golden.greedy);
  });
});

/** Hypotheses that nothing else ties with: of equals the reference keeps and lists others. */
function clearOnes({nbest}: GoldenBeam): GoldenBeam['nbest'] {
  return nbest.filter(
    ({logp_beam}) => nbest.filter((other) => Math.abs(other.logp_beam - logp_beam) < 1e-9).length === 1,
  );
}

const beams = (cases: readonly GoldenDecoding[]) =>
  cases.flatMap((golden) =>
    golden.beam.map((beam) => ({name: golden.name, width: beam.width, golden, beam})),
  );

describe('prefix beam search', () => {
  it.each(beams(decodings))('gives the hypotheses and masses of $name at width $width', ({golden, beam}) => {
    const got = ctcPrefixBeamSearch(logProbsOf(golden), {...tokensOf(golden), beamWidth: beam.width});
    beam.nbest.forEach((expected, rank) => {
      expect(Array.from(got[rank]!.tokens)).toEqual(expected.tokens);
      expect(got[rank]!.logProb).toBeCloseTo(expected.logp_beam, DIGITS);
    });
  });

  it.each(beams(specialDecodings))('meets $name at width $width, but for ties', ({golden, beam}) => {
    const got = ctcPrefixBeamSearch(logProbsOf(golden), {...tokensOf(golden), beamWidth: beam.width});
    const [first] = got;
    expect(Array.from(first!.tokens)).toEqual(beam.nbest[0]!.tokens);
    for (const expected of beam.min_prune_gap === 0 ? beam.nbest.slice(0, 1) : clearOnes(beam)) {
      const same = got.find(({tokens}) => Array.from(tokens).join() === expected.tokens.join());
      // what tied prefixes were dropped decides what little mass is missing
      expect(same!.logProb).toBeCloseTo(expected.logp_beam, beam.min_prune_gap === 0 ? 3 : DIGITS);
    }
  });

  it.each(beams(decodings).filter(({beam}) => (beam.min_prune_gap ?? 1) > SAFE_GAP))(
    'gives the same in single precision for $name at width $width',
    ({golden, beam}) => {
      const logits = Float32Array.from(logitsOf(golden));
      logSoftmaxInto(logits, golden.C, logits);
      const [first] = ctcPrefixBeamSearch(logits, {...tokensOf(golden), beamWidth: beam.width});
      expect(Array.from(first!.tokens)).toEqual(beam.nbest[0]!.tokens);
      expect(Math.abs(first!.logProb - beam.nbest[0]!.logp_beam)).toBeLessThan(SINGLE_TOLERANCE);
    },
  );

  it.each(tinyDecodings)('finds what enumeration finds in $name', (golden) => {
    const logProbs = logProbsOf(golden);
    const all = ctcPrefixBeamSearch(logProbs, {...tokensOf(golden), beamWidth: golden.n_labellings + 10});
    expect(all).toHaveLength(golden.n_labellings);
    golden.top.forEach(({tokens, logp}, rank) => {
      expect(Array.from(all[rank]!.tokens)).toEqual(tokens);
      expect(all[rank]!.logProb).toBeCloseTo(logp, DIGITS);
    });
    for (const [width, expected] of Object.entries(golden.beam)) {
      const [first] = ctcPrefixBeamSearch(logProbs, {...tokensOf(golden), beamWidth: Number(width)});
      expect(Array.from(first!.tokens)).toEqual(expected.tokens);
      expect(first!.logProb).toBeCloseTo(expected.logp_beam, DIGITS);
    }
  });

  it.each(decodings)('does not depend on how the frames of $name are cut', (golden) => {
    const logProbs = logProbsOf(golden);
    const whole = ctcPrefixBeamSearch(logProbs, {...tokensOf(golden), beamWidth: 16});
    for (const pieceFrames of [1, 7]) {
      const search = new CtcPrefixBeam({...tokensOf(golden), beamWidth: 16});
      let stable: readonly number[] = [];
      for (let from = 0; from < logProbs.length; from += pieceFrames * golden.C) {
        search.accept(logProbs.subarray(from, from + pieceFrames * golden.C));
        const now = Array.from(search.best().tokens);
        expect(now.slice(0, stable.length)).toEqual(stable);
        stable = now.slice(0, search.stablePrefixLength());
      }
      expect(search.nBest(16)).toEqual(whole);
      if (golden.T >= 100) expect(stable.length).toBeGreaterThan(0); // shorter ones may be open from the start
    }
  });
});

describe('forced alignment', () => {
  const cases = alignments.map((golden) => {
    const logits =
      golden.logits ?? decodings.find(({name}) => golden.logits_from?.endsWith(`:${name}`))!.logits;
    return {...golden, logits};
  });

  it.each(cases.filter(({score}) => score !== null))('gives the path of $name', (golden) => {
    const got = ctcAlign(logProbsOf(golden), golden.tokens, tokensOf(golden))!;
    expect(got.logProb).toBeCloseTo(golden.score!, DIGITS);
    expect(Array.from(got.states)).toEqual(golden.state_path);
    expect(spansOf(got)).toEqual(golden.spans);
    golden.token_mean_logp!.forEach((logProb, index) =>
      expect(got.tokenLogProbs[index]).toBeCloseTo(logProb, DIGITS),
    );
  });

  it.each(cases.filter(({words}) => words !== undefined))('gives the words of $name', (golden) => {
    const {labels, space} = goldenAlphabet(golden.alphabet!);
    const spans = ctcAlign(logProbsOf(golden), golden.tokens, tokensOf(golden))!;
    const words = computeWords(spans, {labels, spaceId: space});
    expect(
      words.map(({text, startFrame, endFrame}) => ({word: text, start: startFrame, end: endFrame})),
    ).toEqual(golden.words);
  });

  it('gives none where the frames are too few', () => {
    const golden = cases.find(({score}) => score === null)!;
    expect(ctcAlign(new Float64Array(golden.T * golden.C), golden.tokens, tokensOf(golden))).toBeUndefined();
  });

  it.each(decodings)("is what the search's best hypothesis of $name has for times", (golden) => {
    const logProbs = logProbsOf(golden);
    const [first] = ctcPrefixBeamSearch(logProbs, {...tokensOf(golden), beamWidth: 64});
    const expected = ctcAlign(logProbs, first!.tokens, tokensOf(golden))!;
    expect(spansOf(first!)).toEqual(spansOf(expected));
    first!.tokenLogProbs.forEach((logProb, index) =>
      expect(logProb).toBeCloseTo(expected.tokenLogProbs[index]!, DIGITS),
    );
  });
});
