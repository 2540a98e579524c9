import {CandidateTokens, type TokenPruning} from './candidate-tokens.ts';
import type {CtcTokens} from './ctc-greedy.ts';
import {checkCount, checkTokens} from './log-softmax.ts';
import type {PrefixScorer} from './prefix-scorer.ts';
import {PrefixTrie} from './prefix-trie.ts';
import {TwinPrefixes} from './twin-prefixes.ts';

/** What a prefix beam search is made of. */
export interface CtcPrefixBeamOptions extends CtcTokens, TokenPruning {
  /** Prefixes kept after each frame. */
  readonly beamWidth: number;
  /**
   * Prefixes whose rank is further than this below that of the best one, natural logarithm, are given up, so that a wide
   * beam costs little where the network is sure. Default Infinity.
   */
  readonly beamThreshold?: number;
  /** Language model, lexicon, hot words; several by `combineScorers`. Default: none. */
  readonly scorer?: PrefixScorer;
  /**
   * Whether of prefixes with one future, those that end in the same token and are alike to the scorer, only the best
   * stays: a beam of the same width then holds more that can differ. The n-best list loses what differs in the past
   * alone. Default false.
   */
  readonly dropsTwins?: boolean;
  /**
   * When the best hypothesis has so many tokens that others still contest, those that contest the first of them are
   * given up, so that the memory is bounded whatever the audio. Default 512, more than half a minute of speech.
   */
  readonly maxPendingTokens?: number;
}

/** What a step of the search works with. */
export interface BeamPlan {
  readonly blankId: number;
  readonly tokenCount: number;
  readonly trie: PrefixTrie;
  /** The frame's log-probabilities, loaded. */
  readonly candidates: CandidateTokens;
  readonly scorer: PrefixScorer | undefined;
  readonly stateLength: number;
  /** [stateLength] room for the state of a prefix that is being tried. */
  readonly triedState: Int32Array;
  /** [beamWidth × tokenCount] the last frame at which that token after that prefix was itself in the beam. */
  readonly childMarks: Int32Array;
  /** [2] the best rank of the beam before, and the lowest that is kept so far. */
  readonly limits: Float64Array;
  readonly beamThreshold: number;
  readonly twins: TwinPrefixes | undefined;
  /** [1] the rank that a prefix needs in this frame. */
  readonly lowestRank: Float64Array;
}

/**
 * Plans a search.
 * @throws RangeError on counts that are no positive integers, on a threshold that is not above 0, and on a scorer for
 * another number of tokens.
 */
export function createBeamPlan(options: CtcPrefixBeamOptions): BeamPlan {
  const {tokenCount, blankId, beamWidth, scorer, beamThreshold = Infinity} = options;
  checkTokens(tokenCount, blankId);
  checkCount('beamWidth', beamWidth);
  if (!(beamThreshold > 0)) {
    throw new RangeError(`beamThreshold: got ${beamThreshold}, expected a number above 0`);
  }
  const gainBounds = scorer?.gainBounds ?? new Float64Array(tokenCount);
  if (gainBounds.length !== tokenCount) {
    throw new RangeError(`scorer: got one for ${gainBounds.length} tokens, expected ${tokenCount}`);
  }
  const stateLength = scorer?.stateLength ?? 0;
  return {
    blankId,
    tokenCount,
    scorer,
    stateLength,
    triedState: new Int32Array(stateLength),
    candidates: new CandidateTokens(blankId, gainBounds, options),
    trie: new PrefixTrie(4 * beamWidth),
    childMarks: new Int32Array(beamWidth * tokenCount),
    limits: new Float64Array(2),
    beamThreshold,
    twins: options.dropsTwins === true ? new TwinPrefixes(beamWidth, stateLength) : undefined,
    lowestRank: new Float64Array(1),
  };
}
