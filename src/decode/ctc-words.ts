import type {TokenSpans} from './ctc-greedy.ts';

/** A word and where it was said. */
export interface TimedWord {
  readonly text: string;
  /** First frame of its first token, and the frame after the last of its last token. */
  readonly startFrame: number;
  readonly endFrame: number;
  /** See {@link computeWords}. */
  readonly confidence: number;
}

/** Tokens with the mean ln p of each over its frames, as an alignment or a hypothesis has them. */
export interface ScoredSpans extends TokenSpans {
  readonly tokenLogProbs: Float64Array;
}

/** How tokens are written. */
export interface TokenText {
  /** [tokenCount] text of each token. */
  readonly labels: readonly string[];
  /** The token that parts words. It is in no word, whatever its label. */
  readonly spaceId: number;
}

/**
 * Reads the words and their times: from the first frame of the first token to the end of the last token's run.
 *
 * **Confidence of a word**, 0…1: the geometric mean over its tokens of the token's posterior, which is itself the
 * geometric mean of the acoustic posterior p(token | frame) over the frames of its run in the best alignment:
 * exp(1/n Σ tokenLogProbs). Each token counts the same however long it was held; the language model has no part in it.
 * It is no calibrated probability: compare it with a threshold found on recordings.
 * Any thread. Allocates its result.
 */
export function computeWords(spans: ScoredSpans, {labels, spaceId}: TokenText): TimedWord[] {
  const words: TimedWord[] = [];
  let first = 0;
  for (let index = 0; index <= spans.tokens.length; index++) {
    if (index < spans.tokens.length && spans.tokens[index] !== spaceId) continue;
    if (index > first) words.push(wordOf(spans, labels, first, index));
    first = index + 1;
  }
  return words;
}

/**
 * Gives the confidence of an utterance, 0…1: the geometric mean of the posteriors of all its tokens, spaces among
 * them, each as for a word (see {@link computeWords}). NaN where there are no tokens: silence has none.
 * Any thread. Allocates nothing.
 */
export function computeUtteranceConfidence(spans: ScoredSpans): number {
  return meanPosterior(spans.tokenLogProbs, 0, spans.tokens.length);
}

function wordOf(spans: ScoredSpans, labels: readonly string[], first: number, end: number): TimedWord {
  let text = '';
  for (let index = first; index < end; index++) text += labels[spans.tokens[index]];
  return {
    text,
    startFrame: spans.startFrames[first],
    endFrame: spans.endFrames[end - 1],
    confidence: meanPosterior(spans.tokenLogProbs, first, end),
  };
}

function meanPosterior(tokenLogProbs: Float64Array, first: number, end: number): number {
  let sum = 0;
  for (let index = first; index < end; index++) sum += tokenLogProbs[index];
  return Math.exp(sum / (end - first));
}
