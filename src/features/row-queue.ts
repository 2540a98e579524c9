/**
 * Rows of features that wait, first in, first out; grows as far as it is not emptied.
 * One thread. Allocates where it grows.
 */
export class RowQueue {
  readonly #columnCount: number;
  #values: Float32Array;
  #firstRow = 0;
  #endRow = 0;

  constructor(columnCount: number) {
    this.#columnCount = columnCount;
    this.#values = new Float32Array(columnCount);
  }

  /** Rows that wait. */
  get rowCount(): number {
    return this.#endRow - this.#firstRow;
  }

  /** The waiting rows, [rowCount × columnCount], row-major, to read or change until the next call of a method. */
  get rows(): Float32Array {
    return this.#values.subarray(this.#firstRow * this.#columnCount, this.#endRow * this.#columnCount);
  }

  /** Appends rows. @param rows [≥ rowCount × columnCount], row-major. */
  push(rows: Float32Array, rowCount: number): void {
    this.#makeRoom(rowCount);
    const start = this.#endRow * this.#columnCount;
    for (let index = 0; index < rowCount * this.#columnCount; index++)
      this.#values[start + index] = rows[index];
    this.#endRow += rowCount;
  }

  /** Moves the oldest rows to `out`, as many as fit, and gives how many it moved. */
  shiftInto(out: Float32Array): number {
    const rowCount = Math.min(this.rowCount, Math.floor(out.length / this.#columnCount));
    const start = this.#firstRow * this.#columnCount;
    for (let index = 0; index < rowCount * this.#columnCount; index++)
      out[index] = this.#values[start + index];
    this.#firstRow += rowCount;
    return rowCount;
  }

  /** Forgets all rows. */
  clear(): void {
    this.#firstRow = 0;
    this.#endRow = 0;
  }

  #makeRoom(rowCount: number): void {
    const needed = (this.rowCount + rowCount) * this.#columnCount;
    if ((this.#endRow + rowCount) * this.#columnCount <= this.#values.length) return;
    const waiting = this.rows;
    if (needed > this.#values.length) this.#values = new Float32Array(2 * needed);
    this.#values.set(waiting);
    this.#endRow -= this.#firstRow;
    this.#firstRow = 0;
  }
}
