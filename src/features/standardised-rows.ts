import {BlockStandardiser, type BlockOptions} from './block-standardiser.ts';
import {RowQueue} from './row-queue.ts';

/** After how many rows of an utterance statistics are taken; Infinity: at its end. */
export interface StatisticsSteps {
  /** Rows that the first step waits for. */
  readonly firstRows: number;
  /** Rows of each further step. */
  readonly furtherRows: number;
}

/**
 * Rows that wait for the statistics they are standardised by: those of all rows so far, taken step by step. A row is
 * standardised once, with the first statistics that know it.
 * One thread. Allocates where more rows wait than ever before.
 */
export class StandardisedRows {
  readonly #standardiser: BlockStandardiser;
  readonly #step: RowQueue;
  readonly #ready: RowQueue;

  constructor(options: BlockOptions) {
    this.#standardiser = new BlockStandardiser(options);
    this.#step = new RowQueue(options.blockCount * options.blockLength);
    this.#ready = new RowQueue(options.blockCount * options.blockLength);
  }

  /** Adds rows to the step under way. @param rows [≥ rowCount × columns], row-major. */
  push(rows: Float32Array, rowCount: number): void {
    this.#step.push(rows, rowCount);
  }

  /** Ends the step: its rows become ready, by the statistics of all rows up to here. */
  endStep(): void {
    const {rows, rowCount} = this.#step;
    this.#standardiser.add(rows);
    this.#standardiser.apply(rows);
    this.#ready.push(rows, rowCount);
    this.#step.clear();
  }

  /** Moves the oldest ready rows to `out`, as many as fit, and gives how many it moved. */
  shiftInto(out: Float32Array): number {
    return this.#ready.shiftInto(out);
  }

  /** Forgets all rows and their statistics. */
  reset(): void {
    this.#standardiser.reset();
    this.#step.clear();
    this.#ready.clear();
  }
}
