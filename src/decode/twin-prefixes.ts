import type {BeamSlots} from './beam-slots.ts';
import type {PrefixTrie} from './prefix-trie.ts';

/** Knuth 1998, The Art of Computer Programming 3, section 6.4: the golden ratio's share of 2³². */
const HASH_FACTOR = 0x9e3779b1;

/**
 * Finds prefixes with one future: they end in the same token, and a scorer's states are alike, so that whatever follows
 * adds the same to each. Only the best of them can win. One thread. Allocates in the constructor only.
 */
export class TwinPrefixes {
  readonly #places: Int32Array; // open addressing: a place + 1, or 0
  readonly #stateLength: number;

  constructor(beamWidth: number, stateLength: number) {
    this.#places = new Int32Array(2 ** Math.ceil(Math.log2(2 * beamWidth + 1)));
    this.#stateLength = stateLength;
  }

  /** Gives up all but the best of each; `next` is sorted, and what its prefixes came from is in `now`. */
  drop(trie: PrefixTrie, now: BeamSlots, next: BeamSlots): void {
    const {order, count} = next.top;
    this.#places.fill(0);
    let keptCount = 0;
    for (let position = 0; position < count; position++) {
      const place = order[position];
      if (this.#isTwin(trie, now, next, place)) continue;
      order[keptCount++] = place;
    }
    next.top.count = keptCount;
  }

  /** Whether a better one is there; else notes this one. */
  #isTwin(trie: PrefixTrie, now: BeamSlots, next: BeamSlots, place: number): boolean {
    const places = this.#places;
    const stateLength = this.#stateLength;
    const {scorerStates} = next;
    const token = lastToken(trie, now, next, place);
    let hash = token;
    for (let index = 0; index < stateLength; index++) {
      hash = Math.imul(hash ^ scorerStates[place * stateLength + index], HASH_FACTOR);
      hash ^= hash >>> 15;
    }
    const mask = places.length - 1;
    let at = hash & mask;
    for (; places[at] !== 0; at = (at + 1) & mask) {
      const other = places[at] - 1;
      if (lastToken(trie, now, next, other) !== token) continue;
      let index = 0;
      while (
        index < stateLength &&
        scorerStates[other * stateLength + index] === scorerStates[place * stateLength + index]
      ) {
        index++;
      }
      if (index === stateLength) return true;
    }
    places[at] = place + 1;
    return false;
  }
}

/** The last token of a prefix that has no node yet; −1 where it is empty. */
function lastToken(trie: PrefixTrie, now: BeamSlots, next: BeamSlots, place: number): number {
  const added = next.added[place];
  return added >= 0 ? added : trie.token[now.node[next.source[place]]];
}
