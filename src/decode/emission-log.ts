import {resized} from './prefix-trie.ts';

/** No entry: the alignment has no token behind it. */
export const NO_EMISSION = -1;

/**
 * When the tokens of the best alignments were emitted: linked entries in typed arrays, shared by the alignments that
 * have the same past, counted by their holders and used again.
 *
 * One thread. Allocates in the constructor and, in `reserve`, when the log grows past all it ever was.
 */
export class EmissionLog {
  /** The entry of the token before, or NO_EMISSION. */
  previous!: Int32Array;
  /** Place of the token in the utterance, from 0. */
  index!: Int32Array;
  startFrame!: Int32Array;
  /** Exclusive. */
  endFrame!: Int32Array;
  /** Mean ln p of the token over its frames. */
  logProb!: Float64Array;
  #references!: Int32Array;
  #firstFree = NO_EMISSION;
  #freeCount = 0;

  constructor(capacity: number) {
    this.#allocate(capacity);
    this.reset();
  }

  /** Number of entries that there is room for. */
  get capacity(): number {
    return this.previous.length;
  }

  /** Forgets all entries. */
  reset(): void {
    this.#firstFree = NO_EMISSION;
    this.#freeCount = 0;
    this.#addFree(0);
  }

  /** Makes sure that so many entries can be added without growing. */
  reserve(count: number): void {
    while (this.#freeCount < count) {
      const old = this.capacity;
      this.#allocate(2 * old);
      this.#addFree(old);
    }
  }

  /** Adds the entry of a token after another one; it is the caller's to release. `logProb` is left to the caller. */
  add(previous: number, index: number, startFrame: number, endFrame: number): number {
    const entry = this.#firstFree;
    this.#firstFree = this.previous[entry];
    this.#freeCount--;
    this.previous[entry] = previous;
    this.index[entry] = index;
    this.startFrame[entry] = startFrame;
    this.endFrame[entry] = endFrame;
    this.#references[entry] = 1;
    this.retain(previous);
    return entry;
  }

  retain(entry: number): void {
    if (entry !== NO_EMISSION) this.#references[entry]++;
  }

  /** Lets go of an entry, and of those before it that nobody else holds. */
  release(entry: number): void {
    let current = entry;
    while (current !== NO_EMISSION && --this.#references[current] === 0) {
      const previous = this.previous[current];
      this.#addToFree(current);
      current = previous;
    }
  }

  /**
   * Cuts an alignment's entries up to and with that index off. Gives what is left of it, as held before: NO_EMISSION
   * where that is nothing.
   */
  cut(entry: number, lastIndex: number): number {
    if (entry === NO_EMISSION) return NO_EMISSION;
    if (this.index[entry] <= lastIndex) {
      this.release(entry);
      return NO_EMISSION;
    }
    let current = entry;
    while (this.index[current] > lastIndex + 1) current = this.previous[current];
    this.release(this.previous[current]);
    this.previous[current] = NO_EMISSION;
    return entry;
  }

  #addToFree(entry: number): void {
    this.previous[entry] = this.#firstFree;
    this.#firstFree = entry;
    this.#freeCount++;
  }

  #addFree(from: number): void {
    for (let entry = this.capacity - 1; entry >= from; entry--) this.#addToFree(entry);
  }

  #allocate(capacity: number): void {
    this.previous = resized(this.previous, capacity);
    this.index = resized(this.index, capacity);
    this.startFrame = resized(this.startFrame, capacity);
    this.endFrame = resized(this.endFrame, capacity);
    this.#references = resized(this.#references, capacity);
    const logProb = new Float64Array(capacity);
    if (this.logProb !== undefined) logProb.set(this.logProb);
    this.logProb = logProb;
  }
}
