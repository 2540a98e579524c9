import type {BeamPlan} from './beam-plan.ts';
import type {BeamSlots} from './beam-slots.ts';
import {logAdd} from './log-softmax.ts';
import {NO_NODE, type PrefixTrie} from './prefix-trie.ts';

/**
 * Each prefix stays what it is: by a blank, by a repeat of its last token, or as the prefix one token shorter grows
 * into it. Those that the beam's threshold is above are dropped, measured from what the best prefix becomes.
 *   blank' = (blank + nonBlank) · p(blank)
 *   nonBlank' = nonBlank · p(last) + parent · p(last), of the parent only what ends in a blank if it ends alike
 * Allocates nothing.
 */
export function keepPrefixes(plan: BeamPlan, now: BeamSlots, next: BeamSlots): void {
  const {row} = plan.candidates;
  const tokens = plan.trie.token;
  const {blankId, stateLength, lowestRank} = plan;
  const {order, count} = now.top;
  lowestRank[0] = -Infinity;
  for (let position = 0; position < count; position++) {
    const slot = order[position];
    const token = tokens[now.node[slot]];
    const parent = now.parentSlot[slot];
    const blank = now.logProb[slot] + row[blankId];
    let nonBlank = token < 0 ? -Infinity : now.logProbNonBlank[slot] + row[token];
    if (parent >= 0) {
      const isRepeat = tokens[now.node[parent]] === token;
      nonBlank = logAdd(nonBlank, (isRepeat ? now.logProbBlank[parent] : now.logProb[parent]) + row[token]);
    }
    const both = logAdd(blank, nonBlank);
    const rank = both + now.fusionScore[slot];
    if (position === 0) lowestRank[0] = rank - plan.beamThreshold;
    if (rank === -Infinity || rank < lowestRank[0]) continue;
    next.top.offered[0] = rank;
    const place = next.top.claim();
    next.source[place] = slot;
    next.added[place] = -1;
    next.logProbBlank[place] = blank;
    next.logProbNonBlank[place] = nonBlank;
    next.logProb[place] = both;
    next.fusionScore[place] = now.fusionScore[slot];
    for (let index = 0; index < stateLength; index++) {
      next.scorerStates[place * stateLength + index] = now.scorerStates[slot * stateLength + index];
    }
  }
}

/**
 * Prefixes grow by a token where that reaches the beam. Growing into one that is there has been counted by
 * {@link keepPrefixes}, so no two places ever hold the same prefix. Allocates nothing.
 */
export function lengthenPrefixes(plan: BeamPlan, now: BeamSlots, next: BeamSlots, mark: number): void {
  const {candidates, scorer, stateLength, triedState, childMarks, tokenCount, limits, lowestRank} = plan;
  const {row, keys, tokens} = candidates;
  const {order, count, ranks} = now.top;
  const kept = next.top;

  // the tokens that could lift the best prefix into the beam, the likeliest first
  limits[0] = ranks[order[0]];
  limits[1] = kept.count === kept.order.length ? kept.ranks[kept.order[0]] : lowestRank[0];
  candidates.list(limits);

  for (let position = 0; position < count; position++) {
    const slot = order[position];
    const last = plan.trie.token[now.node[slot]];
    for (let candidate = 0; candidate < candidates.count; candidate++) {
      const token = tokens[candidate];
      const lowest = kept.count === kept.order.length ? kept.ranks[kept.order[0]] : lowestRank[0];
      if (!(ranks[slot] + keys[token] > lowest)) break; // nor can the tokens after it
      if (childMarks[slot * tokenCount + token] === mark) continue;
      const mass = (token === last ? now.logProbBlank[slot] : now.logProb[slot]) + row[token];
      let fusionScore = now.fusionScore[slot];
      if (!(mass + fusionScore + (keys[token] - row[token]) > lowest)) continue;
      if (scorer !== undefined) {
        scorer.extendInto(now.scorerStates, slot * stateLength, token, triedState, 0);
        fusionScore += scorer.gain[0];
      }
      kept.offered[0] = mass + fusionScore;
      if (kept.offered[0] === -Infinity || kept.offered[0] < lowestRank[0]) continue;

      const place = kept.claim();
      if (place < 0) continue;
      next.source[place] = slot;
      next.added[place] = token;
      next.logProbBlank[place] = -Infinity;
      next.logProbNonBlank[place] = mass;
      next.logProb[place] = mass;
      next.fusionScore[place] = fusionScore;
      for (let index = 0; index < stateLength; index++) {
        next.scorerStates[place * stateLength + index] = triedState[index];
      }
    }
  }
}

/**
 * Gives the prefixes of `next` their nodes and takes those of `now` away; notes which prefixes grow into which.
 * @param mark of the frame that follows.
 */
export function turnPrefixes(plan: BeamPlan, now: BeamSlots, next: BeamSlots, mark: number): void {
  const {trie, childMarks, tokenCount} = plan;
  const {order, count} = next.top;
  const past = now.top;
  for (let position = 0; position < past.count; position++) trie.slot[now.node[past.order[position]]] = -1;
  for (let position = 0; position < count; position++) {
    const slot = order[position];
    trie.slot[next.node[slot]] = slot;
  }
  for (let position = 0; position < past.count; position++) trie.release(now.node[past.order[position]]);
  for (let position = 0; position < count; position++) {
    const slot = order[position];
    const parent = trie.parent[next.node[slot]];
    const parentSlot = parent < 0 ? -1 : trie.slot[parent];
    next.parentSlot[slot] = parentSlot;
    if (parentSlot >= 0) childMarks[parentSlot * tokenCount + trie.token[next.node[slot]]] = mark;
  }
}

/** Finds or makes the nodes of `next`, and holds them. Grows the tree where it must. */
export function nameNodes(trie: PrefixTrie, now: BeamSlots, next: BeamSlots): void {
  const {order, count} = next.top;
  trie.reserve(count);
  for (let position = 0; position < count; position++) {
    const slot = order[position];
    const from = now.node[next.source[slot]];
    next.node[slot] = next.added[slot] < 0 ? from : trie.childOf(from, next.added[slot]);
    trie.retain(next.node[slot]);
  }
}

/** Leaves the hypotheses that do not begin as the best one does without mass: they are gone a frame later. */
export function dropRivals(trie: PrefixTrie, beam: BeamSlots): void {
  const {order, count, ranks} = beam.top;
  const kept = firstStep(trie, beam.node[order[0]]);
  for (let position = 1; position < count; position++) {
    const slot = order[position];
    if (firstStep(trie, beam.node[slot]) === kept) continue;
    beam.logProbBlank[slot] = -Infinity;
    beam.logProbNonBlank[slot] = -Infinity;
    beam.logProb[slot] = -Infinity;
    ranks[slot] = -Infinity;
  }
}

/** The child of the root that a prefix goes through; NO_NODE for the root itself. */
function firstStep(trie: PrefixTrie, node: number): number {
  let below = NO_NODE;
  for (let at = node; at !== trie.root; at = trie.parent[at]) below = at;
  return below;
}
