/**
 * The best of the ranks offered, in a heap with the lowest on top.
 *
 * A rank goes in through `offered` and not as an argument: a number handed to a function that is not inlined is an
 * object to the engine. One thread. Allocates in the constructor only.
 */
export class TopRanks {
  /** [1] the rank that the next `claim` is for. */
  readonly offered = new Float64Array(1);
  /** [capacity] rank by place. */
  readonly ranks: Float64Array;
  /** [count] places: a heap while ranks are offered, the best first after `sort`. */
  readonly order: Int32Array;
  count = 0;

  constructor(capacity: number) {
    this.ranks = new Float64Array(capacity);
    this.order = new Int32Array(capacity);
  }

  /** Gives a place for the rank offered: a free one, or that of the lowest where the rank is above it; else −1. */
  claim(): number {
    const {order, ranks, offered} = this;
    if (this.count < order.length) {
      const place = this.count++;
      order[place] = place;
      ranks[place] = offered[0];
      this.#rise(place);
      return place;
    }
    const place = order[0];
    if (!(offered[0] > ranks[place])) return -1;
    ranks[place] = offered[0];
    this.#sink(order.length);
    return place;
  }

  /** Puts the places in the order of their ranks, the best first. Nothing can be offered until `clear`. */
  sort(): void {
    const {order} = this;
    for (let last = this.count - 1; last > 0; last--) {
      const lowest = order[0];
      order[0] = order[last];
      order[last] = lowest;
      this.#sink(last);
    }
  }

  /** Frees all places. */
  clear(): void {
    this.count = 0;
  }

  #rise(from: number): void {
    const {order, ranks} = this;
    const place = order[from];
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (ranks[order[above]] <= ranks[place]) break;
      order[at] = order[above];
      at = above;
    }
    order[at] = place;
  }

  #sink(count: number): void {
    const {order, ranks} = this;
    const place = order[0];
    let at = 0;
    for (let below = 1; below < count; below = 2 * at + 1) {
      if (below + 1 < count && ranks[order[below + 1]] < ranks[order[below]]) below++;
      if (ranks[order[below]] >= ranks[place]) break;
      order[at] = order[below];
      at = below;
    }
    order[at] = place;
  }
}
