import type {Graph} from '../graph/graph.ts';
import type {TranscriptionCard} from './card.ts';

/**
 * How a network that sees a fixed number of frames is slid over an utterance of any length. Outputs that lie nearer
 * to a cut edge of the window than the context are thrown away: the network would have seen more there. At the
 * utterance's own start and end there is nothing more to see, and they are kept.
 * All but the factor are counts of feature frames, and multiples of it.
 */
export interface WindowPlan {
  readonly windowFrames: number;
  readonly leftContextFrames: number;
  readonly rightContextFrames: number;
  /** Feature frames per frame of output. */
  readonly subsamplingFactor: number;
  /** What stands behind an utterance shorter than the window: `zeros` (default), or its last two rows by turns. */
  readonly padding?: 'zeros' | 'last-two-rows';
  /**
   * What stands before an utterance: nothing (default), or as many rows of zeros as there is left context, where zeros
   * are silence to the system. The first window then waits for no more rows than the others, so a page sees the first
   * words early.
   */
  readonly leadIn?: 'none' | 'zeros';
}

/**
 * Samples of one utterance in, rows of features out: how many rows are ready after how many samples is its own matter
 * (centred windows, deltas and statistics look ahead), but not how the samples were cut into pieces.
 * Any thread. One call at a time.
 */
export interface TranscriptionFrontEnd {
  /** Values in one row. */
  readonly featureCount: number;
  /** Samples from one row to the next. */
  readonly hopLength: number;
  /** Takes samples of the utterance, −1…1, at the system's rate. */
  push(samples: Float32Array): void;
  /** Says that the utterance has ended: all its remaining rows become ready. */
  finish(): void;
  /**
   * Gives rows that are ready, oldest first.
   * @param out [rowCount × featureCount], time-major; as many rows are written as are ready and fit.
   * @returns the number of rows written.
   */
  readRows(out: Float32Array): number;
  /** Begins the next utterance. What statistics learned of the audio may stay. */
  reset(): void;
}

/** One transcriber: how samples become features, weights a graph and outputs log-probabilities of tokens. */
export interface TranscriptionSystem {
  readonly card: TranscriptionCard;
  readonly sampleRateHz: number;
  readonly windowPlan: WindowPlan;
  /** What the network's output is: `logits` still need a log-softmax, `posteriors` a logarithm. */
  readonly output: 'logits' | 'posteriors';
  /**
   * Plans the front end.
   * @param mode `utterance`: exactly as the system was trained and published, which may mean that no row is ready
   * before `finish`. `streaming`: rows as early as they can be had. The same where the system has no statistics of
   * whole utterances.
   */
  createFrontEnd(mode: 'utterance' | 'streaming'): TranscriptionFrontEnd;
  /**
   * Turns the weights file into a graph with one input of windowFrames × featureCount values, time-major, and one
   * output of windowFrames / subsamplingFactor × labels, time-major.
   * @throws ModelFormatError where the file is not what the system needs.
   */
  buildGraph(weights: Uint8Array): Graph;
}
