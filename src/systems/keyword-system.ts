import type {MfccOptions} from '../features/mfcc.ts';
import type {Graph} from '../graph/graph.ts';
import type {SystemCard} from './card.ts';

/** One keyword-spotting system: how samples become features, weights a graph and outputs posteriors. */
export interface KeywordSystem {
  readonly card: SystemCard;
  /** Front end; its output row is one frame of the model's input. */
  readonly mfcc: MfccOptions;
  /** Frames the model sees at once, [frameCount × coefficientCount] row-major, time-major. */
  readonly frameCount: number;
  /** What the model's output is: `logits` still need a softmax, `posteriors` do not. */
  readonly output: 'logits' | 'posteriors';
  /**
   * Turns the weights file into a graph with one input of frameCount · coefficientCount values and one output
   * of one value per label.
   * @throws ModelFormatError where the file is not what the system needs.
   */
  buildGraph(weights: Uint8Array): Graph;
}
