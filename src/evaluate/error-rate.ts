/** What one hypothesis got wrong against its reference, in words or in letters. */
export interface ErrorCounts {
  readonly substitutions: number;
  readonly deletions: number;
  readonly insertions: number;
  readonly hits: number;
  /** hits + substitutions + deletions. */
  readonly referenceLength: number;
  /**
   * (substitutions + deletions + insertions) ÷ referenceLength; may exceed 1. With an empty reference 0 where the
   * hypothesis is empty too, and undefined where it is not.
   */
  readonly rate: number | undefined;
}

/** Error rates over many utterances; undefined where there is no reference to compare with. */
export interface TotalErrorRate {
  /** All errors ÷ all reference units: long utterances weigh more. Insertions against empty references count. */
  readonly pooled: number | undefined;
  /** Mean of the utterances' rates: each weighs the same. Those with an empty reference are left out. */
  readonly meanOfUtterances: number | undefined;
}

/**
 * Counts wrong words. Words are what white space separates; case and punctuation count, so normalise before.
 * Any thread. Time grows with the product of the lengths.
 */
export function computeWordErrors(reference: string, hypothesis: string): ErrorCounts {
  return countErrors(wordsOf(reference), wordsOf(hypothesis));
}

/**
 * Counts wrong letters: Unicode code points, spaces among them; nothing is trimmed, case counts.
 * Any thread. Time grows with the product of the lengths.
 */
export function computeLetterErrors(reference: string, hypothesis: string): ErrorCounts {
  return countErrors(Array.from(reference), Array.from(hypothesis));
}

/** Gives the word error rate of one utterance: see {@link ErrorCounts}. */
export function wordErrorRate(reference: string, hypothesis: string): number | undefined {
  return computeWordErrors(reference, hypothesis).rate;
}

/** Gives the letter (character) error rate of one utterance: see {@link ErrorCounts}. */
export function letterErrorRate(reference: string, hypothesis: string): number | undefined {
  return computeLetterErrors(reference, hypothesis).rate;
}

/** Puts the counts of many utterances together in both ways that are published. Any thread. */
export function totalErrorRate(utterances: readonly ErrorCounts[]): TotalErrorRate {
  let errorCount = 0;
  let referenceLength = 0;
  let rateSum = 0;
  let rateCount = 0;
  for (const counts of utterances) {
    errorCount += counts.substitutions + counts.deletions + counts.insertions;
    referenceLength += counts.referenceLength;
    if (counts.referenceLength === 0 || counts.rate === undefined) continue;
    rateSum += counts.rate;
    rateCount++;
  }
  return {
    pooled: ratio(errorCount, referenceLength),
    meanOfUtterances: rateCount === 0 ? undefined : rateSum / rateCount,
  };
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

function ratio(errorCount: number, referenceLength: number): number | undefined {
  if (referenceLength > 0) return errorCount / referenceLength;
  return errorCount === 0 ? 0 : undefined;
}

/**
 * Levenshtein's distance, row by row. Of the alignments with the fewest errors it takes one with the most
 * substitutions, since the split is not unique: with that, deletions and insertions follow from the lengths.
 */
function countErrors(reference: readonly string[], hypothesis: readonly string[]): ErrorCounts {
  const width = hypothesis.length + 1;
  // cost of a cell = errors × scale − substitutions, so that the smallest cost is the choice above
  const scale = reference.length + width;
  let above = Float64Array.from({length: width}, (_, column) => column * scale);
  let row = new Float64Array(width);
  reference.forEach((unit, index) => {
    row[0] = (index + 1) * scale;
    for (let column = 1; column < width; column++) {
      const diagonal = above[column - 1] ?? 0;
      const taken = unit === hypothesis[column - 1] ? diagonal : diagonal + scale - 1;
      const skipped = Math.min(above[column] ?? 0, row[column - 1] ?? 0) + scale;
      row[column] = Math.min(taken, skipped);
    }
    [above, row] = [row, above];
  });
  const cost = above[hypothesis.length] ?? 0;
  return splitErrors(Math.ceil(cost / scale), cost, {
    scale,
    referenceLength: reference.length,
    hypothesisLength: hypothesis.length,
  });
}

function splitErrors(
  distance: number,
  cost: number,
  {
    scale,
    referenceLength,
    hypothesisLength,
  }: {scale: number; referenceLength: number; hypothesisLength: number},
): ErrorCounts {
  const substitutions = distance * scale - cost;
  const deletions = (distance - substitutions + referenceLength - hypothesisLength) / 2;
  return {
    substitutions,
    deletions,
    insertions: distance - substitutions - deletions,
    hits: referenceLength - substitutions - deletions,
    referenceLength,
    rate: ratio(distance, referenceLength),
  };
}
