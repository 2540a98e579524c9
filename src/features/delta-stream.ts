import {applyDelta, createDelta, type Delta} from './delta.ts';

/**
 * Adds slope and curvature to the rows of an utterance as they come: a row of `columnCount` values becomes one of
 * three times as many, [values | slope | curvature], as soon as `halfWidth` further rows are there. At either end
 * the polynomial fitted to the outermost 2 · halfWidth + 1 rows goes on: having the degree of its derivative, that
 * is the derivative of the outermost row which has all its neighbours (librosa's `mode="interp"`).
 *
 * One thread. Allocates in the constructor only.
 */
export class DeltaStream {
  /** Most rows that one `push` or `finish` writes. */
  readonly maxRows: number;
  readonly #slope: Delta;
  readonly #curvature: Delta;
  readonly #halfWidth: number;
  readonly #columnCount: number;
  readonly #rows: Float32Array; // [2 · halfWidth + 1 × columnCount], the newest rows
  readonly #derivatives: Float32Array; // [2 × columnCount] at the middle one of them
  #rowCount = 0;

  constructor(halfWidth: number, columnCount: number) {
    this.#slope = createDelta('slope', halfWidth, columnCount);
    this.#curvature = createDelta('curvature', halfWidth, columnCount);
    this.#halfWidth = halfWidth;
    this.#columnCount = columnCount;
    this.#rows = new Float32Array((2 * halfWidth + 1) * columnCount);
    this.#derivatives = new Float32Array(2 * columnCount);
    this.maxRows = halfWidth + 1;
  }

  /**
   * Takes the next row and writes those that are complete now.
   * @param row [columnCount].
   * @param out [≥ maxRows × 3 · columnCount], written from 0.
   * @returns the number of rows written: none at first, then halfWidth + 1, then one at a time.
   */
  push(row: Float32Array, out: Float32Array): number {
    const columnCount = this.#columnCount;
    const rows = this.#rows;
    rows.copyWithin(0, columnCount);
    rows.set(row, rows.length - columnCount);
    this.#rowCount++;
    const width = 2 * this.#halfWidth + 1;
    if (this.#rowCount < width) return 0;
    applyDelta(this.#slope, rows, 0, this.#derivatives, 0);
    applyDelta(this.#curvature, rows, 0, this.#derivatives, columnCount);
    const isFirst = this.#rowCount === width;
    return isFirst ? this.#write(0, this.maxRows, out) : this.#write(this.#halfWidth, 1, out);
  }

  /**
   * Writes the last rows; none where the utterance has fewer than 2 · halfWidth + 1, too few for any.
   * @param out as for `push`.
   * @returns the number of rows written.
   */
  finish(out: Float32Array): number {
    if (this.#rowCount <= 2 * this.#halfWidth) return 0;
    return this.#write(this.maxRows, this.#halfWidth, out);
  }

  /** Begins the next utterance. */
  reset(): void {
    this.#rowCount = 0;
  }

  /** Writes rows of the newest ones beside the derivatives. */
  #write(firstRow: number, rowCount: number, out: Float32Array): number {
    const columnCount = this.#columnCount;
    for (let row = 0; row < rowCount; row++) {
      const source = (firstRow + row) * columnCount;
      const target = 3 * row * columnCount;
      for (let column = 0; column < columnCount; column++) {
        out[target + column] = this.#rows[source + column];
      }
      for (let index = 0; index < 2 * columnCount; index++) {
        out[target + columnCount + index] = this.#derivatives[index];
      }
    }
    return rowCount;
  }
}
