import type {MeasuredCandidate} from '../../protocol/engine-choice.ts';
import type {Numerics} from '../engine.ts';

/** Medians that differ by less than this share are told apart by other things (docs/decisions/0010). */
const TIE_SHARE = 0.1;

/** So are medians that differ by less than this: a tenth of a millisecond is the step of a page's clock. */
const TIE_MS = 0.2;

/** How far outputs may be from the reference's, as a share of their range (docs/decisions/0010). */
const TOLERANCES = {
  /** The same integers in the same steps. */
  exact: 0,
  /** The same products, summed in another order. */
  float32: 1e-3,
  /** One of the two rounds every activation to 256 steps. */
  mixed: 0.1,
} as const;

/**
 * The value that this share of the values does not exceed, by nearest rank: one of the values.
 * @param share above 0, at most 1.
 * @returns NaN where there are no values.
 */
export function computePercentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}

/**
 * The largest difference of one window's outputs ÷ the range of the reference's outputs for that window, over all
 * windows; NaN where one of the values is.
 * @param reference one array [outputCount] per window; `outputs` alike.
 */
export function computeDifference(
  reference: readonly Float32Array[],
  outputs: readonly Float32Array[],
): number {
  const shares = reference.map((expected, window) => {
    const largest = Math.max(
      ...expected.map((value, index) => Math.abs(value - (outputs[window]?.[index] ?? NaN))),
    );
    return largest === 0 ? 0 : largest / (Math.max(...expected) - Math.min(...expected));
  });
  return Math.max(...shares);
}

/** How large that difference may be between numerics. */
export function toleranceBetween(reference: Numerics, candidate: Numerics): number {
  if (reference !== candidate) return TOLERANCES.mixed;
  return candidate === 'float32' ? TOLERANCES.float32 : TOLERANCES.exact;
}

/** Which candidate runs, and what decided. */
export interface Ranking {
  readonly winner: MeasuredCandidate;
  /** `time`: its median is the smallest; `bytes`: among equally fast ones it has the fewest; `order`: it came first. */
  readonly decidedBy: 'time' | 'bytes' | 'order';
}

/**
 * Picks by the median time of a window, among equally fast candidates by the bytes of their engines, among those by
 * their order.
 * @returns undefined where nothing was measured.
 */
export function pickFastest(measured: readonly MeasuredCandidate[]): Ranking | undefined {
  const fastestMs = Math.min(...measured.map(({p50Ms}) => p50Ms));
  const limitMs = Math.max(fastestMs * (1 + TIE_SHARE), fastestMs + TIE_MS);
  const equallyFast = measured.filter(({p50Ms}) => p50Ms <= limitMs);
  const fewest = Math.min(...equallyFast.map(({engineBytes}) => engineBytes));
  const lightest = equallyFast.filter(({engineBytes}) => engineBytes === fewest);
  const [winner] = lightest;
  if (!winner) return undefined;
  if (equallyFast.length === 1) return {winner, decidedBy: 'time'};
  return {winner, decidedBy: lightest.length === 1 ? 'bytes' : 'order'};
}
