import type {BeamSlots} from './beam-slots.ts';
import {EmissionLog, NO_EMISSION} from './emission-log.ts';
import type {PrefixTrie} from './prefix-trie.ts';

/**
 * Follows the best single alignment of each hypothesis (the recursion of `ctcAlign`, as the frames come); from it the
 * times and confidences of the tokens are read. It has no part in the search.
 *
 * One thread. Allocates in the constructor and where the log grows.
 */
export class BeamAlignments {
  readonly log: EmissionLog;
  /** Index of the first token that is in the log: those before have been cut off. */
  firstIndex = 0;

  constructor(capacity: number) {
    this.log = new EmissionLog(capacity);
  }

  reset(): void {
    this.log.reset();
    this.firstIndex = 0;
  }

  /**
   * Writes the alignments of `next` from those of `now`, to which its `source` and `added` point.
   * @param row [tokenCount] log-probabilities of the frame.
   * @param frame its index.
   */
  advance(trie: PrefixTrie, now: BeamSlots, next: BeamSlots, row: Float64Array, frame: number): void {
    const {log} = this;
    const {order, count} = next.top;
    log.reserve(now.top.count); // each hypothesis closes one run at most
    for (let position = 0; position < count; position++) {
      const slot = order[position];
      const token = trie.token[next.node[slot]];
      const isNew = next.added[slot] >= 0;
      const parent = isNew ? next.source[slot] : now.parentSlot[next.source[slot]];

      // the last token starts after a blank or another token, or its run goes on
      let entered = -Infinity;
      let isAfterRun = false;
      if (parent >= 0) {
        const isRepeat = trie.token[now.node[parent]] === token;
        isAfterRun = !isRepeat && now.viterbiNonBlank[parent] > now.viterbiBlank[parent];
        entered = (isAfterRun ? now.viterbiNonBlank[parent] : now.viterbiBlank[parent]) + row[token];
      }
      const stayed = isNew || token < 0 ? -Infinity : now.viterbiNonBlank[next.source[slot]] + row[token];
      if (isNew || entered > stayed) {
        next.viterbiNonBlank[slot] = entered;
        next.runStart[slot] = frame;
        next.runLogProb[slot] = row[token];
        next.emissionNonBlank[slot] = isAfterRun
          ? this.#closeRun(now, parent, frame)
          : now.emissionBlank[parent];
      } else {
        next.viterbiNonBlank[slot] = stayed;
        next.runStart[slot] = now.runStart[next.source[slot]];
        next.runLogProb[slot] = now.runLogProb[next.source[slot]] + (token < 0 ? 0 : row[token]);
        next.emissionNonBlank[slot] = now.emissionNonBlank[next.source[slot]];
      }
      log.retain(next.emissionNonBlank[slot]);
    }
  }

  /** Writes the alignments that end in a blank: after `advance`, from the same two. */
  advanceBlank(blankId: number, now: BeamSlots, next: BeamSlots, row: Float64Array, frame: number): void {
    const {log} = this;
    const {order, count} = next.top;
    for (let position = 0; position < count; position++) {
      const slot = order[position];
      next.closedRun[slot] = NO_EMISSION;
      if (next.added[slot] >= 0) {
        next.viterbiBlank[slot] = -Infinity;
        next.emissionBlank[slot] = NO_EMISSION;
        continue;
      }
      const from = next.source[slot];
      const isAfterRun = now.viterbiNonBlank[from] > now.viterbiBlank[from];
      next.viterbiBlank[slot] =
        (isAfterRun ? now.viterbiNonBlank[from] : now.viterbiBlank[from]) + row[blankId];
      next.emissionBlank[slot] = isAfterRun ? this.#closeRun(now, from, frame) : now.emissionBlank[from];
      log.retain(next.emissionBlank[slot]);
    }
  }

  /** Lets go of all that the alignments of a past frame hold. */
  release(past: BeamSlots): void {
    const {order, count} = past.top;
    for (let position = 0; position < count; position++) {
      const slot = order[position];
      this.log.release(past.emissionBlank[slot]);
      this.log.release(past.emissionNonBlank[slot]);
      this.log.release(past.closedRun[slot]);
    }
  }

  /** Forgets the tokens up to and with that index. */
  cut(now: BeamSlots, lastIndex: number): void {
    const {order, count} = now.top;
    for (let position = 0; position < count; position++) {
      const slot = order[position];
      now.emissionBlank[slot] = this.log.cut(now.emissionBlank[slot], lastIndex);
      now.emissionNonBlank[slot] = this.log.cut(now.emissionNonBlank[slot], lastIndex);
    }
    this.firstIndex = lastIndex + 1;
  }

  /** The entry of a run that ends before `frame`; made once, however many go on from it. */
  #closeRun(now: BeamSlots, slot: number, frame: number): number {
    if (now.closedRun[slot] !== NO_EMISSION) return now.closedRun[slot];
    const {log} = this;
    const previous = now.emissionNonBlank[slot];
    const index = previous === NO_EMISSION ? this.firstIndex : log.index[previous] + 1;
    const entry = log.add(previous, index, now.runStart[slot], frame);
    log.logProb[entry] = now.runLogProb[slot] / (frame - now.runStart[slot]);
    now.closedRun[slot] = entry;
    return entry;
  }
}
