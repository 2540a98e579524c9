/** Log-probabilities of some frames of an utterance. */
export interface AcousticOutput {
  /** [frameCount × tokenCount], row-major, natural logarithms, reused by the next call. */
  readonly logProbs: Float32Array;
  /** Whether the utterance begins anew with them: what was given of it before was a preview. */
  readonly isAnew: boolean;
}

/**
 * Samples of one utterance in, log-probabilities of tokens out: front end, then the network, run as its system plans it.
 * What it gives does not depend on how the samples were cut.
 * Worker or Node. One call at a time.
 */
export interface AcousticNetwork {
  /** Samples from one row of log-probabilities to the next. */
  readonly frameSamples: number;
  /** Samples from one run of the network to the next while an utterance lasts. */
  readonly stepSamples: number;
  /** Samples of the longest utterance; Infinity where any can be run. */
  readonly maxSamples: number;
  /** Whether what it gives before `finish` is a preview, which the end of the utterance replaces. */
  readonly givesPreviews: boolean;
  /** Begins the next utterance. */
  begin(): void;
  /**
   * Takes samples of the utterance, −1…1, at the system's rate.
   * @throws RangeError where the utterance gets longer than `maxSamples`.
   */
  push(samples: Float32Array): void;
  /** Says that the utterance has ended. */
  finish(): void;
  /**
   * Runs the network once.
   * @returns undefined where more samples are needed first, and after the utterance's last output.
   * @throws whatever the engine throws; ModelFormatError where the network gives another number of outputs than its
   * system says.
   */
  nextLogProbs(): Promise<AcousticOutput | undefined>;
}
