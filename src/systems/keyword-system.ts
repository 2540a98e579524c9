import type {MfccOptions} from '../features/mfcc.ts';
import type {Graph} from '../graph/graph.ts';
import type {PosteriorCard, KeywordCard} from './card.ts';

/** What the model's output is: `logits` still need a softmax at the card's temperature, `posteriors` do not. */
type KeywordOutput =
  | {readonly output: 'logits'; readonly card: KeywordCard}
  | {readonly output: 'posteriors'; readonly card: PosteriorCard};

/** One keyword-spotting system: how samples become features, weights a graph and outputs posteriors. */
export type KeywordSystem = KeywordOutput & {
  /** Front end; its output row is one frame of the model's input. */
  readonly mfcc: MfccOptions;
  /** Frames the model sees at once, [frameCount × coefficientCount] row-major, time-major. */
  readonly frameCount: number;
  /**
   * Turns the weights file into a graph with one input of frameCount · coefficientCount values and one output
   * of one value per label.
   * @throws ModelFormatError where the file is not what the system needs.
   */
  buildGraph(weights: Uint8Array): Graph;
};
