/** How rows are divided into blocks, and from when on a block counts as constant. */
export interface BlockOptions {
  readonly blockCount: number;
  /** Columns of a block; a row has blockCount · blockLength. */
  readonly blockLength: number;
  /** A block with no larger standard deviation than this is written as zeros: dividing would amplify rounding. */
  readonly minDeviation: number;
  /** What the sum of squared differences is divided by: NumPy's default, or PyTorch's. Both give 0 for one value. */
  readonly divisor: 'count' | 'count-less-one';
}

/**
 * Subtracts from each block of columns its mean and divides it by its standard deviation: one of each for all columns
 * of the block and all rows added so far.
 *
 * One thread. Allocates in the constructor only. Sums in doubles.
 */
export class BlockStandardiser {
  readonly #blockLength: number;
  readonly #minDeviation: number;
  readonly #lessThanCount: 0 | 1;
  readonly #sums: Float64Array; // [blockCount]
  readonly #squareSums: Float64Array; // [blockCount]
  #rowCount = 0;

  constructor({blockCount, blockLength, minDeviation, divisor}: BlockOptions) {
    this.#blockLength = blockLength;
    this.#minDeviation = minDeviation;
    this.#lessThanCount = divisor === 'count' ? 0 : 1;
    this.#sums = new Float64Array(blockCount);
    this.#squareSums = new Float64Array(blockCount);
  }

  /**
   * Adds rows to the statistics.
   * @param rows [rowCount × blockCount · blockLength], row-major.
   */
  add(rows: Float32Array): void {
    const blockLength = this.#blockLength;
    const blockCount = this.#sums.length;
    this.#rowCount += rows.length / (blockCount * blockLength);
    for (let start = 0; start < rows.length; start += blockLength) {
      const block = (start / blockLength) % blockCount;
      let sum = 0;
      let squareSum = 0;
      for (let index = start; index < start + blockLength; index++) {
        sum += rows[index];
        squareSum += rows[index] * rows[index];
      }
      this.#sums[block] += sum;
      this.#squareSums[block] += squareSum;
    }
  }

  /**
   * Standardises rows in place.
   * @param rows [rowCount × blockCount · blockLength], row-major.
   */
  apply(rows: Float32Array): void {
    const blockLength = this.#blockLength;
    const blockCount = this.#sums.length;
    for (let block = 0; block < blockCount; block++) {
      const {mean, factor} = this.#scaleOf(block);
      for (let start = block * blockLength; start < rows.length; start += blockCount * blockLength) {
        for (let index = start; index < start + blockLength; index++) {
          rows[index] = (rows[index] - mean) * factor;
        }
      }
    }
  }

  /** Forgets all rows. */
  reset(): void {
    this.#sums.fill(0);
    this.#squareSums.fill(0);
    this.#rowCount = 0;
  }

  #scaleOf(block: number): {readonly mean: number; readonly factor: number} {
    const count = this.#rowCount * this.#blockLength;
    const mean = this.#sums[block] / count;
    const squares = Math.max(0, this.#squareSums[block] - count * mean * mean);
    const deviation = Math.sqrt(squares / Math.max(1, count - this.#lessThanCount));
    return {mean, factor: deviation > this.#minDeviation ? 1 / deviation : 0};
  }
}
