/** Windows kept: ten seconds at the shortest hop, 20 ms, and some to draw beyond the edge. */
const CAPACITY = 512;

/** The newest posteriors in a ring of fixed size; pushing allocates nothing. */
export class PosteriorHistory {
  readonly labelCount: number;
  readonly #times = new Float64Array(CAPACITY); // milliseconds
  readonly #values: Float32Array; // [CAPACITY × labelCount], row-major
  #pushed = 0;

  constructor(labelCount: number) {
    this.labelCount = labelCount;
    this.#values = new Float32Array(CAPACITY * labelCount);
  }

  /** Windows that are kept at the moment. */
  get count(): number {
    return Math.min(this.#pushed, CAPACITY);
  }

  /** Adds one window. Posteriors beyond `labelCount` are left out. */
  push(timeMs: number, posteriors: Float32Array): void {
    const row = this.#pushed % CAPACITY;
    this.#times[row] = timeMs;
    this.#values.set(posteriors.subarray(0, this.labelCount), row * this.labelCount);
    this.#pushed++;
  }

  /** End of a window in milliseconds; index 0 is the oldest. */
  timeAt(index: number): number {
    return this.#times[this.#row(index)] ?? NaN;
  }

  /** One label's posterior in a window, 0…1; index 0 is the oldest. */
  valueAt(index: number, label: number): number {
    return this.#values[this.#row(index) * this.labelCount + label] ?? NaN;
  }

  /** The newest posterior of a label; 0 where nothing was pushed. */
  newest(label: number): number {
    return this.count === 0 ? 0 : this.valueAt(this.count - 1, label);
  }

  /** The highest posterior of a label in windows that ended at `sinceMs` or later; 0 where there are none. */
  peak(label: number, sinceMs: number): number {
    let peak = 0;
    for (let index = this.count - 1; index >= 0 && this.timeAt(index) >= sinceMs; index--) {
      peak = Math.max(peak, this.valueAt(index, label));
    }
    return peak;
  }

  #row(index: number): number {
    return (this.#pushed - this.count + index) % CAPACITY;
  }
}
