/**
 * The newest `frameCount` feature rows, kept in a ring so that a hop computes its new frames only.
 * Any thread. Allocates in the constructor only.
 */
export class FeatureWindow {
  readonly #rows: Float32Array; // [frameCount × rowLength], row-major, ring over frames
  readonly #frameCount: number;
  readonly #rowLength: number;
  #oldest = 0; // frame slot that the next row overwrites
  #filled = 0;

  constructor(frameCount: number, rowLength: number) {
    this.#rows = new Float32Array(frameCount * rowLength);
    this.#frameCount = frameCount;
    this.#rowLength = rowLength;
  }

  /** Whether every row has been written since the last reset. */
  get isFull(): boolean {
    return this.#filled === this.#frameCount;
  }

  /** The storage that `nextRowOffset` points into. */
  get rows(): Float32Array {
    return this.#rows;
  }

  /** Gives up the oldest row; the caller writes the newest at the offset returned. */
  nextRowOffset(): number {
    const offset = this.#oldest * this.#rowLength;
    this.#oldest = (this.#oldest + 1) % this.#frameCount;
    if (this.#filled < this.#frameCount) this.#filled++;
    return offset;
  }

  /** Copies the rows, oldest first, to `out` [frameCount × rowLength]. */
  copyInto(out: Float32Array): void {
    const split = this.#oldest * this.#rowLength;
    out.set(this.#rows.subarray(split), 0);
    out.set(this.#rows.subarray(0, split), this.#rows.length - split);
  }

  /** Forgets all rows. */
  reset(): void {
    this.#oldest = 0;
    this.#filled = 0;
  }
}
