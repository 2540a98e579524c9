import {logSoftmaxInto} from '../../src/decode/log-softmax.ts';
import type {SeededRandom} from './prng.ts';

/** A matrix of log-probabilities as a network gives them for a text. */
export interface SpokenText {
  readonly tokens: readonly number[];
  readonly tokenCount: number;
  readonly blankId: number;
  readonly frameCount: number;
  /** Logit of what is said, above noise of variance 1: how sure the network is. Default 6. */
  readonly peak?: number;
}

const RIVAL_SHARE = 0.15; // of frames in which another token is about as likely

/**
 * Invents what a network gives for tokens spread evenly over the frames: peaks of one or two frames with blanks
 * between, noise, and now and then a rival. The recipe of reference/py/make_ctc.py. [frameCount × tokenCount].
 */
export function inventLogProbs(random: SeededRandom, text: SpokenText): Float32Array {
  const {tokens, tokenCount, blankId, frameCount, peak = 6} = text;
  const framesPerToken = frameCount / tokens.length;
  if (!(framesPerToken >= 2))
    throw new RangeError(`got ${framesPerToken} frames a token, expected 2 or more`);
  const logits = Float32Array.from({length: frameCount * tokenCount}, () => random.gaussian());
  const add = (frame: number, token: number, value: number): void => {
    logits[frame * tokenCount + token] = (logits[frame * tokenCount + token] ?? NaN) + value;
  };
  for (let frame = 0; frame < frameCount; frame++) {
    const index = Math.floor(frame / framesPerToken);
    const isFirst = frame === Math.ceil(index * framesPerToken);
    add(frame, isFirst ? (tokens[index] ?? blankId) : blankId, peak);
    if (random.next() < RIVAL_SHARE) {
      add(frame, random.integer(0, tokenCount - 1), peak * random.between(0.8, 1.1));
    }
  }
  logSoftmaxInto(logits, tokenCount, logits);
  return logits;
}
