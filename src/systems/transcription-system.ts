import type {Checkpoint} from '../formats/checkpoint/checkpoint.ts';
import type {Graph} from '../graph/graph.ts';
import type {Precision} from '../graph/precision.ts';
import type {FullScale, TokenSet, TranscriptionCard} from './card.ts';

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
 * How a network with states is run over an utterance piece by piece. An output depends on `receptiveFrames` rows, the
 * next one's begin `subsamplingFactor` rows later, and all that was before is in the states. So a chunk of
 * (n − 1) · subsamplingFactor + receptiveFrames rows gives n outputs, the next chunk begins n · subsamplingFactor rows
 * later, and the outputs of all chunks are those of one run over the whole utterance.
 */
export interface RecurrentPlan {
  readonly receptiveFrames: number;
  /** Feature frames per frame of output. */
  readonly subsamplingFactor: number;
  /** Outputs of a chunk while the utterance lasts. */
  readonly stepOutputs: number;
  /**
   * How many outputs late the network speaks, since it waits for what follows: what it says of the rows of an output
   * comes that much later. Behind an utterance as many rows of zeros, which are silence to the system, are run, and as
   * many outputs before the first are thrown away. Default 0.
   */
  readonly delayOutputs?: number;
}

/**
 * How a network whose every output depends on the whole utterance is run. All but the factor are counts of rows.
 * Text before the utterance has ended comes from windows of `partial.windowFrames`: they overlap, and outputs nearer
 * than `partial.contextFrames` to a cut edge are thrown away. It is a preview: the utterance is run whole at its end.
 */
export interface WholeUtterancePlan {
  /** Rows that the first output depends on at least: an utterance of fewer has none. */
  readonly receptiveFrames: number;
  /** Feature frames per frame of output. */
  readonly subsamplingFactor: number;
  /** Of the longest utterance that is run: time and memory grow with the square of it. */
  readonly maxFrames: number;
  /** Both multiples of the subsampling factor. */
  readonly partial: {readonly windowFrames: number; readonly contextFrames: number};
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

/** What all transcribers have: how samples become features, and what the network's output means. */
interface TranscriptionSystemBase {
  readonly card: TranscriptionCard;
  readonly sampleRateHz: number;
  /** What the network's output is: `logits` still need a log-softmax, `posteriors` a logarithm. */
  readonly output: 'logits' | 'posteriors';
  /**
   * Plans the front end.
   * @param mode `utterance`: exactly as the system was trained and published, which may mean that no row is ready
   * before `finish`. `streaming`: rows as early as they can be had. The same where the system has no statistics of
   * whole utterances.
   */
  createFrontEnd(mode: 'utterance' | 'streaming'): TranscriptionFrontEnd;
  /** The same system for networks trained on samples of another scale; there where the card names more than one. */
  withFullScale?(fullScale: FullScale): TranscriptionSystem;
}

/** A transcriber whose network sees a fixed number of frames. */
export interface WindowedSystem extends TranscriptionSystemBase {
  readonly kind: 'windowed';
  readonly windowPlan: WindowPlan;
  /**
   * Turns the weights file into a graph with one input of windowFrames × featureCount values, time-major, and one
   * output of windowFrames / subsamplingFactor × labels, time-major.
   * @param tokens which of the network's outputs: the card itself for its letters, or the card's phones.
   * @throws ModelFormatError where the file is not what the system needs.
   */
  buildGraph(weights: Uint8Array, tokens: TokenSet): Graph;
}

/** A transcriber whose network carries states from one chunk of the utterance to the next, all of one length. */
export interface ChunkedSystem extends TranscriptionSystemBase {
  readonly kind: 'chunked';
  readonly recurrentPlan: RecurrentPlan;
  /**
   * Turns the weights file into a graph. Input 0 has the rows of a chunk, time-major, output 0 stepOutputs × labels.
   * The further inputs are states, zeros at the start of an utterance; the output of the same position is what the state
   * is after the chunk. Rows of zeros fill up the last chunk of an utterance.
   * @param tokens which of the network's outputs: the card itself for its letters, or the card's phones.
   * @throws ModelFormatError where the file is not what the system needs.
   */
  buildGraph(weights: Uint8Array, tokens: TokenSet): Graph;
}

/** What systems have whose weights are published as a checkpoint, to be imported before they run. */
interface ImportedSystem extends TranscriptionSystemBase {
  /** What it can be imported as. A page imports it as the first, if it does not say otherwise. */
  readonly precisions: readonly [Precision, ...Precision[]];
}

/** A transcriber whose network carries states from one chunk of the utterance to the next. */
export interface RecurrentSystem extends ImportedSystem {
  readonly kind: 'recurrent';
  readonly recurrentPlan: RecurrentPlan;
  /**
   * Turns the checkpoint into a graph; its constants are read when the graph is written. Input 0 is
   * [1, ANY_LENGTH, featureCount], time-major, output 0 [1, ANY_LENGTH, labels]. The further inputs are states, zeros
   * at the start of an utterance; the output of the same position is what the state is after the chunk.
   * @throws ModelFormatError where the checkpoint is not what the system needs.
   */
  buildGraph(checkpoint: Checkpoint): Graph;
}

/** A transcriber whose network must see an utterance as a whole. */
export interface WholeUtteranceSystem extends ImportedSystem {
  readonly kind: 'whole-utterance';
  readonly wholeUtterancePlan: WholeUtterancePlan;
  /**
   * Turns the checkpoint into a graph; its constants are read when the graph is written. The input is
   * [1, ANY_LENGTH] where a row has one value, else [1, ANY_LENGTH, featureCount]; the output
   * [1, ANY_LENGTH, labels].
   * @throws ModelFormatError where the checkpoint is not what the system needs.
   */
  buildGraph(checkpoint: Checkpoint): Graph;
}

/** One transcriber: how samples become features, weights a graph and outputs log-probabilities of tokens. */
export type TranscriptionSystem = WindowedSystem | ChunkedSystem | RecurrentSystem | WholeUtteranceSystem;

/** A transcriber whose weights file is its network. */
export type WeightsFileSystem = WindowedSystem | ChunkedSystem;

/** A transcriber whose network is imported from a published checkpoint before it runs. */
export type CheckpointSystem = RecurrentSystem | WholeUtteranceSystem;

/** Whether the system's network is imported from a checkpoint. */
export function isImported(system: TranscriptionSystem): system is CheckpointSystem {
  return system.kind === 'recurrent' || system.kind === 'whole-utterance';
}
