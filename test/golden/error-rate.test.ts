import {describe, expect, it} from 'vitest';
import {
  computeLetterErrors,
  computeWordErrors,
  letterErrorRate,
  totalErrorRate,
  wordErrorRate,
  type ErrorCounts,
} from '../../src/evaluate/error-rate.ts';
import {readRepositoryFile} from '../support/repository.ts';

interface Counts {
  readonly S: number;
  readonly D: number;
  readonly I: number;
  readonly H: number;
}

const {pairs, aggregate} = JSON.parse(readRepositoryFile('test/goldens/wer.json')) as {
  readonly pairs: readonly {
    readonly ref: string;
    readonly hyp: string;
    readonly ref_words: number;
    readonly ref_chars: number;
    readonly word: Counts;
    readonly char: Counts;
    readonly wer: number | null;
    readonly cer: number | null;
  }[];
  readonly aggregate: Readonly<Record<string, number>>;
};

const countsOf = ({substitutions: S, deletions: D, insertions: I, hits: H}: ErrorCounts): Counts => ({
  S,
  D,
  I,
  H,
});

describe('error rates', () => {
  it.each(pairs)('of "$hyp" against "$ref"', (pair) => {
    const [words, letters] = [computeWordErrors(pair.ref, pair.hyp), computeLetterErrors(pair.ref, pair.hyp)];
    expect(countsOf(words)).toMatchObject(countsWithout(pair.word));
    expect(countsOf(letters)).toMatchObject(countsWithout(pair.char));
    expect(words.referenceLength).toBe(pair.ref_words);
    expect(letters.referenceLength).toBe(pair.ref_chars);
    expect(wordErrorRate(pair.ref, pair.hyp)).toBe(pair.wer ?? undefined);
    expect(letterErrorRate(pair.ref, pair.hyp)).toBe(pair.cer ?? undefined);
  });

  it('are put together pooled and as a mean of utterances', () => {
    const words = totalErrorRate(pairs.map(({ref, hyp}) => computeWordErrors(ref, hyp)));
    const letters = totalErrorRate(pairs.map(({ref, hyp}) => computeLetterErrors(ref, hyp)));
    expect(words.pooled).toBeCloseTo(aggregate['wer_pooled']!, 14);
    expect(words.meanOfUtterances).toBeCloseTo(aggregate['wer_mean_of_utterances']!, 14);
    expect(letters.pooled).toBeCloseTo(aggregate['cer_pooled']!, 14);
    expect(letters.meanOfUtterances).toBeCloseTo(aggregate['ler_mean_of_utterances']!, 14);
  });

  it('are undefined without a reference, unless there was nothing to hear', () => {
    expect(totalErrorRate([])).toEqual({pooled: 0, meanOfUtterances: undefined});
    expect(totalErrorRate([computeWordErrors('', 'noise')])).toEqual({
      pooled: undefined,
      meanOfUtterances: undefined,
    });
  });
});

function countsWithout({S, D, I, H}: Counts): Counts {
  return {S, D, I, H};
}
