/** How much a language model has to say beside the network. */
export interface FusionWeights {
  /** Weight of the model's logarithms, ≥ 0. Default 1: the plain product of the probabilities. */
  readonly alpha?: number;
  /** Added for each unit that the model scores, natural logarithm: against a bias towards few words. Default 0. */
  readonly beta?: number;
  /** Whether the end of the utterance is scored as </s>. Default false: what is heard may be cut out of something. */
  readonly isEndScored?: boolean;
}

/** The weights with their defaults; throws `RangeError` on those that are no finite numbers, and on alpha below 0. */
export function fillFusionWeights(weights: FusionWeights): Required<FusionWeights> {
  const {alpha = 1, beta = 0, isEndScored = false} = weights;
  if (!(alpha >= 0 && alpha < Infinity)) throw new RangeError(`alpha: got ${alpha}, expected 0 or more`);
  if (!Number.isFinite(beta)) throw new RangeError(`beta: got ${beta}, expected a finite number`);
  return {alpha, beta, isEndScored};
}
