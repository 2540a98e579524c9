import {BeamAlignments} from './beam-alignments.ts';
import {createBeamPlan, type BeamPlan, type CtcPrefixBeamOptions} from './beam-plan.ts';
import {createBeamSlots, newestEmission, startBeam, type BeamSlots} from './beam-slots.ts';
import {dropRivals, keepPrefixes, lengthenPrefixes, nameNodes, turnPrefixes} from './beam-step.ts';
import {readHypothesis, type CtcHypothesis} from './ctc-hypothesis.ts';
import {NO_EMISSION} from './emission-log.ts';
import {checkCount, countFrames, type Scores} from './log-softmax.ts';
import {NO_NODE} from './prefix-trie.ts';
import {StablePrefix} from './stable-prefix.ts';

/** A log-probability is at most 0, but for the rounding of single precision; logits and posteriors are above. */
const MAX_LOG_PROB = 1e-3;
const DEFAULT_MAX_PENDING_TOKENS = 512;

/**
 * Prefix beam search (Graves 2012, section 7.5.3; Hannun et al. 2014): of each prefix the exact mass of the alignments
 * kept, in the log domain, in doubles. Frames come in pieces of any size, the result does not depend on the cut.
 *
 * After each frame the `beamWidth` prefixes with the largest ln(mass) + fusion score stay. The mass of pruned prefixes
 * is lost; one that comes back starts anew. A frame after which nothing would be left is passed over.
 *
 * **Cost.** A frame takes O(beamWidth · candidates): tokens that cannot reach the beam are left out by their bound, so
 * sure models cost little. The tree holds what the hypotheses do not agree on; what they all begin with is settled.
 * One thread. Allocates in the constructor, for the hypotheses it gives out, and where the tree grows past all it ever
 * was; otherwise nothing per frame.
 */
export class CtcPrefixBeam {
  readonly #plan: BeamPlan;
  readonly #maxPendingTokens: number;
  readonly #alignments: BeamAlignments;
  readonly #stable = new StablePrefix();
  #now: BeamSlots;
  #next: BeamSlots;
  #frameCount = 0;
  #mark = 1; // of the current beam, in the plan's childMarks

  /** Throws `RangeError` on counts that are no positive integers, and on a scorer for another number of tokens. */
  constructor(options: CtcPrefixBeamOptions) {
    const {beamWidth, scorer} = options;
    this.#plan = createBeamPlan(options);
    this.#maxPendingTokens = options.maxPendingTokens ?? DEFAULT_MAX_PENDING_TOKENS;
    checkCount('maxPendingTokens', this.#maxPendingTokens);
    this.#alignments = new BeamAlignments(4 * beamWidth);
    const stateLength = scorer?.stateLength ?? 0;
    this.#now = createBeamSlots(beamWidth, stateLength);
    this.#next = createBeamSlots(beamWidth, stateLength);
    this.reset();
  }

  /** Frames accepted since the start or the last reset. */
  get frameCount(): number {
    return this.#frameCount;
  }

  /** Starts a new utterance. */
  reset(): void {
    const {trie, scorer, stateLength, childMarks} = this.#plan;
    this.#frameCount = 0;
    childMarks.fill(0);
    this.#mark = 1;
    trie.reset();
    this.#alignments.reset();
    this.#stable.reset();
    const slot = startBeam(this.#now, trie.root);
    trie.retain(trie.root);
    trie.slot[trie.root] = slot;
    scorer?.startInto(this.#now.scorerStates, slot * stateLength);
  }

  /**
   * Searches on with the next frames.
   * @param logProbs [frameCount × tokenCount], row-major, natural logarithms; −Infinity is allowed, none is no frame.
   * @throws RangeError, with none of the frames taken, where the length is not frameCount × tokenCount, and on NaN and
   * values above 0, which are logits or posteriors.
   */
  accept(logProbs: Scores): void {
    const {tokenCount} = this.#plan;
    const count = countFrames(logProbs, tokenCount);
    checkLogProbs(logProbs, tokenCount);
    for (let frame = 0; frame < count; frame++) this.#step(logProbs, frame * tokenCount);
  }

  /**
   * The leading hypothesis: its tokens from index `from` on, all by default. It ranks first as the search does, with
   * the language model's part for closed words only.
   */
  best(from = 0): CtcHypothesis {
    return this.#read(this.#now.top.order[0], from);
  }

  /**
   * How many tokens, from the first, can no longer change: all hypotheses begin with them. Never falls, but by reset.
   */
  stablePrefixLength(): number {
    const {trie} = this.#plan;
    const isNextAgreed = trie.slot[trie.root] < 0 && trie.onlyChildOfRoot() !== NO_NODE;
    return this.#stable.count + (isNextAgreed ? 1 : 0);
  }

  /**
   * The best hypotheses, `count` at most, as if the utterance ended here: the scorer has its say on the open word and
   * the end. The best first. Those that must not end here have a score of −Infinity and come last.
   */
  nBest(count: number): CtcHypothesis[] {
    const {order, count: kept, ranks} = this.#now.top;
    return Array.from(order.subarray(0, kept))
      .filter((slot) => ranks[slot] > -Infinity)
      .map((slot) => ({slot, endGain: this.#endGain(slot)}))
      .map(({slot, endGain}) => ({slot, endGain, score: ranks[slot] + endGain}))
      .sort((a, b) => (a.score === b.score ? 0 : b.score - a.score))
      .slice(0, count)
      .map(({slot, endGain, score}) => {
        const hypothesis = this.#read(slot, 0);
        return {...hypothesis, score, fusionScore: hypothesis.fusionScore + endGain};
      });
  }

  #read(slot: number, from: number): CtcHypothesis {
    const [beam, stable, frameCount] = [this.#now, this.#stable, this.#frameCount];
    const {log} = this.#alignments;
    return readHypothesis({beam, trie: this.#plan.trie, log, stable, frameCount}, slot, from);
  }

  #endGain(slot: number): number {
    const {scorer, stateLength} = this.#plan;
    if (scorer === undefined) return 0;
    scorer.endInto(this.#now.scorerStates, slot * stateLength);
    return scorer.gain[0];
  }

  #step(logProbs: Scores, offset: number): void {
    const [plan, now, next] = [this.#plan, this.#now, this.#next];
    next.top.clear();
    plan.candidates.load(logProbs, offset);
    keepPrefixes(plan, now, next);
    lengthenPrefixes(plan, now, next, this.#mark);
    if (next.top.count > 0) this.#turn();
    this.#frameCount++;
  }

  /** Makes `next` the beam. */
  #turn(): void {
    const [plan, now, next] = [this.#plan, this.#now, this.#next];
    const {row} = plan.candidates;
    next.top.sort();
    plan.twins?.drop(plan.trie, now, next);
    nameNodes(plan.trie, now, next);
    this.#alignments.advance(plan.trie, now, next, row, this.#frameCount);
    this.#alignments.advanceBlank(plan.blankId, now, next, row, this.#frameCount);
    this.#alignments.release(now);
    turnPrefixes(plan, now, next, ++this.#mark);
    this.#now = next;
    this.#next = now;
    this.#settle();
  }

  /** Takes what all hypotheses have gone beyond out of the tree, so that it stays small. */
  #settle(): void {
    const {trie} = this.#plan;
    const now = this.#now;
    let settledCount = 0;
    let child = trie.onlyChildOfRoot();
    while (child !== NO_NODE && trie.slot[trie.root] < 0 && trie.slot[child] < 0) {
      this.#stable.push(trie.token[child]);
      trie.descend(child);
      settledCount++;
      child = trie.onlyChildOfRoot();
    }
    const entry = newestEmission(now, now.top.order[0]);
    if (settledCount > 0) {
      this.#stable.setTimes(this.#alignments.log, entry, settledCount);
      this.#alignments.cut(now, this.#stable.count - 1);
    } else if (entry !== NO_EMISSION) {
      const pendingCount = this.#alignments.log.index[entry] - this.#stable.count;
      if (pendingCount >= this.#maxPendingTokens) dropRivals(trie, now);
    }
  }
}

/** One-shot search: the best `count` hypotheses of a whole utterance, see {@link CtcPrefixBeam}. */
export function ctcPrefixBeamSearch(
  logProbs: Scores,
  options: CtcPrefixBeamOptions,
  count = options.beamWidth,
): CtcHypothesis[] {
  const search = new CtcPrefixBeam(options);
  search.accept(logProbs);
  return search.nBest(count);
}

function checkLogProbs(logProbs: Scores, tokenCount: number): void {
  for (let index = 0; index < logProbs.length; index++) {
    if (logProbs[index] <= MAX_LOG_PROB) continue;
    throw new RangeError(
      `logProbs: got ${logProbs[index]} for token ${index % tokenCount} of frame ` +
        `${Math.floor(index / tokenCount)}, expected natural logarithms of probabilities, at most 0`,
    );
  }
}
