import {describe, expect, it} from 'vitest';
import {ctcAlign} from '../../../src/decode/ctc-align.ts';
import {createTokenSpans, ctcGreedyDecode, ctcGreedyInto} from '../../../src/decode/ctc-greedy.ts';
import {computeUtteranceConfidence, computeWords} from '../../../src/decode/ctc-words.ts';
import {logAdd, logSoftmaxInto} from '../../../src/decode/log-softmax.ts';

const CTC = {tokenCount: 3, blankId: 2};

describe('the log-softmax', () => {
  it('sums to one in every row, and does not overflow', () => {
    const out = new Float32Array(6);
    logSoftmaxInto(Float32Array.of(1e4, 1e4, -1e30, 0, 1, 2), 3, out);
    for (const row of [out.subarray(0, 3), out.subarray(3)]) {
      expect(row.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 6);
    }
    expect(out[0]).toBeCloseTo(-Math.LN2, 6);
  });

  it('lets NaN through, in its row only', () => {
    const logits = Float64Array.of(0, NaN, 0, 0);
    logSoftmaxInto(logits, 2, logits);
    expect(Array.from(logits)).toEqual([NaN, NaN, -Math.LN2, -Math.LN2]);
  });

  it('adds logarithms, nothing among them', () => {
    expect(logAdd(-Infinity, -3)).toBe(-3);
    expect(logAdd(-3, -Infinity)).toBe(-3);
    expect(logAdd(-Infinity, -Infinity)).toBe(-Infinity);
    expect(logAdd(-1000, -1000)).toBeCloseTo(-1000 + Math.LN2, 12);
  });
});

describe('greedy decoding', () => {
  it('never takes a NaN for the largest, and a frame of nothing for a blank', () => {
    const logits = Float32Array.of(0, NaN, -1, NaN, NaN, NaN, 1, NaN, 0);
    const got = ctcGreedyDecode(logits, CTC);
    expect(Array.from(got.tokens)).toEqual([0, 0]);
    expect(Array.from(got.startFrames)).toEqual([0, 2]);
  });

  it('gives nothing for no frames', () => {
    expect(ctcGreedyDecode(new Float32Array(0), CTC).tokens).toHaveLength(0);
  });

  it('writes over what an earlier call left', () => {
    const out = createTokenSpans(3);
    ctcGreedyInto(Float32Array.of(1, 0, 0, 0, 1, 0, 1, 0, 0), CTC, out);
    expect(ctcGreedyInto(Float32Array.of(0, 0, 1, 0, 1, 0), CTC, out)).toBe(1);
    expect([out.tokens[0], out.startFrames[0], out.endFrames[0]]).toEqual([1, 1, 2]);
  });

  it('refuses scores of the wrong width', () => {
    expect(() => ctcGreedyDecode(new Float32Array(4), CTC)).toThrow('got 4, expected a multiple of 3 tokens');
    expect(() => ctcGreedyDecode(new Float32Array(3), {...CTC, blankId: -1})).toThrow('blankId: got -1');
  });
});

describe('forced alignment', () => {
  const even = new Float64Array(9).fill(Math.log(1 / 3));

  it('of nothing is blanks', () => {
    expect(ctcAlign(even, [], CTC)).toMatchObject({states: Int32Array.of(0, 0, 0)});
    expect(ctcAlign(new Float64Array(0), [], CTC)?.logProb).toBe(0);
    expect(ctcAlign(new Float64Array(0), [1], CTC)).toBeUndefined();
  });

  it('does not exist where every path is impossible or no number', () => {
    expect(ctcAlign(new Float64Array(9).fill(NaN), [0], CTC)).toBeUndefined();
    expect(ctcAlign(new Float64Array(3).fill(NaN), [0], CTC)).toBeUndefined();
    expect(ctcAlign(new Float64Array(9).fill(-Infinity), [0], CTC)).toBeUndefined();
    expect(ctcAlign(even, [0, 0, 1], CTC)).toBeUndefined();
  });

  it('goes around a NaN', () => {
    const logProbs = even.slice();
    logProbs[2] = NaN; // the first frame is no blank
    expect(Array.from(ctcAlign(logProbs, [0], CTC)!.states).at(0)).toBe(1);
  });

  it('refuses the blank and what is no token', () => {
    expect(() => ctcAlign(even, [2], CTC)).toThrow('tokens[0]: got the blank, 2');
    expect(() => ctcAlign(even, [0, 3], CTC)).toThrow('tokens[1]: got 3, expected an integer in 0…2');
    expect(() => ctcAlign(even.subarray(1), [0], CTC)).toThrow(RangeError);
  });
});

describe('words', () => {
  const spans = {
    tokens: Int32Array.of(2, 0, 1, 2, 2, 1, 2),
    startFrames: Int32Array.of(0, 1, 3, 5, 6, 8, 9),
    endFrames: Int32Array.of(1, 2, 5, 6, 7, 9, 10),
    tokenLogProbs: Float64Array.of(0, Math.log(0.5), Math.log(0.125), 0, 0, Math.log(0.9), 0),
  };
  const text = {labels: ['a', 'b', ' '], spaceId: 2};

  it('run from their first token to the end of their last, whatever spaces there are', () => {
    expect(computeWords(spans, text)).toEqual([
      {text: 'ab', startFrame: 1, endFrame: 5, confidence: expect.closeTo(0.25, 12) as number},
      {text: 'b', startFrame: 8, endFrame: 9, confidence: expect.closeTo(0.9, 12) as number},
    ]);
  });

  it('have as confidence the geometric mean of their tokens, and so has the utterance', () => {
    expect(computeUtteranceConfidence(spans)).toBeCloseTo((0.5 * 0.125 * 0.9) ** (1 / 7), 12);
    const none = {...spans, tokens: new Int32Array(0), tokenLogProbs: new Float64Array(0)};
    expect(computeUtteranceConfidence(none)).toBeNaN();
    expect(computeWords(none, text)).toEqual([]);
  });
});
