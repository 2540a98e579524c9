import {describe, expect, it} from 'vitest';
import {CtcPrefixBeam, ctcPrefixBeamSearch} from '../../src/decode/ctc-prefix-beam.ts';
import {logSoftmaxInto} from '../../src/decode/log-softmax.ts';
import {decodings, goldenAlphabet, goldenScorer, logitsOf} from '../support/ctc-goldens.ts';

const DIGITS = 9;

const cases = decodings.flatMap((golden) =>
  golden.lm.map((fusion) => ({
    title: `${golden.name}, ${fusion.kind}, width ${fusion.width}, ${fusion.eos ? 'with' : 'without'} </s>`,
    golden,
    fusion,
  })),
);

describe('fusion with a language model', () => {
  it('has goldens of both kinds, with and without the end', () => {
    expect(new Set(cases.map(({fusion}) => `${fusion.kind} ${fusion.eos}`)).size).toBe(3);
    expect(cases).toHaveLength(54);
  });

  it.each(cases)('gives the hypotheses of $title', ({golden, fusion}) => {
    const logProbs = logitsOf(golden);
    logSoftmaxInto(logProbs, golden.C, logProbs);
    const scorer = goldenScorer(fusion, goldenAlphabet(golden.alphabet));
    const options = {tokenCount: golden.C, blankId: golden.blank, beamWidth: fusion.width, scorer};
    const got = ctcPrefixBeamSearch(logProbs, options);
    fusion.nbest.forEach((expected, rank) => {
      const hypothesis = got[rank]!;
      expect(Array.from(hypothesis.tokens)).toEqual(expected.tokens);
      expect(hypothesis.logProb).toBeCloseTo(expected.logp_beam, DIGITS);
      expect(hypothesis.score).toBeCloseTo(expected.total!, DIGITS);
      const fusionScore = expected.lm_weighted! + fusion.beta * expected.count!;
      expect(hypothesis.fusionScore).toBeCloseTo(fusionScore, DIGITS);
    });

    const pieces = new CtcPrefixBeam(options);
    for (let from = 0; from < logProbs.length; from += 3 * golden.C) {
      pieces.accept(logProbs.subarray(from, from + 3 * golden.C));
    }
    expect(pieces.nBest(fusion.width)).toEqual(got);
  });
});
