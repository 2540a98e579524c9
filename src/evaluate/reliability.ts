/** An answer with how sure the network was of it. */
export interface ConfidentAnswer {
  /** Posterior of the label that was answered, 0…1. */
  readonly confidence: number;
  readonly isRight: boolean;
}

/** The answers whose confidence lies in (from, to]; the first bin has 0 too. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanConfidence: number; // 0…1; NaN where the bin is empty
  readonly rightShare: number; // 0…1; NaN where the bin is empty
}

/** Bins of the figures in Guo et al. */
export const RELIABILITY_BIN_COUNT = 15;

/** By how much a confidence may exceed 1: the last bit of a float32 softmax. */
const ROUNDING = 1e-6;

/**
 * How often answers are right, by how sure the network was of them: `binCount` bins of equal width over 0…1, M of
 * them ((m − 1)/M, m/M] as in Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017,
 * section 2. Any thread.
 * @throws RangeError where a confidence is not in 0…1, or `binCount` is no whole number of at least 1.
 */
export function computeReliability(
  answers: readonly ConfidentAnswer[],
  binCount: number = RELIABILITY_BIN_COUNT,
): ReliabilityBin[] {
  if (!Number.isSafeInteger(binCount) || binCount < 1) {
    throw new RangeError(`binCount: got ${binCount}, expected a whole number of at least 1`);
  }
  const members = Array.from({length: binCount}, (): ConfidentAnswer[] => []);
  for (const answer of answers) members[binOf(answer.confidence, binCount)]?.push(answer);
  return members.map((bin, index) => ({
    from: index / binCount,
    to: (index + 1) / binCount,
    count: bin.length,
    meanConfidence: bin.reduce((total, {confidence}) => total + confidence, 0) / bin.length,
    rightShare: bin.filter(({isRight}) => isRight).length / bin.length,
  }));
}

/**
 * The expected calibration error (ECE) of these bins, 0…1: Σ count ÷ n · |rightShare − meanConfidence| (Guo et al.
 * 2017, equation 3); NaN where nothing was answered. Any thread.
 */
export function computeExpectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const answered = bins.filter(({count}) => count > 0);
  const answerCount = answered.reduce((total, {count}) => total + count, 0);
  const gaps = answered.map(
    ({count, rightShare, meanConfidence}) => count * Math.abs(rightShare - meanConfidence),
  );
  return gaps.reduce((total, gap) => total + gap, 0) / answerCount;
}

function binOf(confidence: number, binCount: number): number {
  if (!(confidence >= 0 && confidence <= 1 + ROUNDING)) {
    throw new RangeError(`confidence: got ${confidence}, expected 0…1`);
  }
  // compared with the bin's own upper end: a product rounded up would put that end itself into the next bin
  let index = 0;
  while (index < binCount - 1 && confidence > (index + 1) / binCount) index++;
  return index;
}
