/** What a {@link PosteriorSmoother} is made of. */
export interface PosteriorSmootherOptions {
  readonly classCount: number;
  /** Inferences averaged over at most. */
  readonly windowLength: number;
}

/**
 * Moving average of the posteriors over the last inferences: one odd window neither fires nor silences a keyword.
 *
 * It counts inferences, not time: when the hop lengthens because the machine is late, the same count spans more
 * time, which {@link setWindowLength} can shorten again. Before `windowLength` inferences were seen it averages
 * over those there are.
 *
 * One thread. Allocates in the constructor only.
 */
export class PosteriorSmoother {
  readonly #classCount: number;
  readonly #capacity: number;
  /** [capacity × classCount], row-major ring of the last rows. */
  readonly #rows: Float32Array;
  #windowLength: number;
  #nextRow = 0;
  #rowCount = 0;

  /** Throws `RangeError` where a count is not a positive integer. */
  constructor(options: PosteriorSmootherOptions) {
    checkCount('classCount', options.classCount);
    checkCount('windowLength', options.windowLength);
    this.#classCount = options.classCount;
    this.#capacity = options.windowLength;
    this.#windowLength = options.windowLength;
    this.#rows = new Float32Array(this.#capacity * this.#classCount);
  }

  /** Changes how many inferences are averaged from the next push on: 1 to the constructor's `windowLength`. */
  setWindowLength(windowLength: number): void {
    checkCount('windowLength', windowLength);
    if (windowLength > this.#capacity) {
      throw new RangeError(`windowLength: got ${windowLength}, expected at most ${this.#capacity}`);
    }
    this.#windowLength = windowLength;
  }

  /**
   * Takes the posteriors of one inference and writes their average with those before.
   * @param posteriors [classCount].
   * @param out [classCount], overwritten. May alias `posteriors`.
   * Sums in doubles, afresh each time, so that no rounding error builds up.
   */
  push(posteriors: Float32Array, out: Float32Array): void {
    const rows = this.#rows;
    const classCount = this.#classCount;
    const capacity = this.#capacity;
    const newest = this.#nextRow;
    for (let index = 0; index < classCount; index++) rows[newest * classCount + index] = posteriors[index];
    this.#nextRow = newest + 1 === capacity ? 0 : newest + 1;
    this.#rowCount = Math.min(this.#rowCount + 1, capacity);

    const averaged = Math.min(this.#rowCount, this.#windowLength);
    for (let index = 0; index < classCount; index++) {
      let sum = 0;
      for (let back = 0; back < averaged; back++) {
        const row = newest < back ? newest - back + capacity : newest - back;
        sum += rows[row * classCount + index];
      }
      out[index] = sum / averaged;
    }
  }

  /** Forgets all inferences. */
  reset(): void {
    this.#nextRow = 0;
    this.#rowCount = 0;
  }
}

function checkCount(name: string, got: number): void {
  if (!Number.isInteger(got) || got < 1) {
    throw new RangeError(`${name}: got ${got}, expected a positive integer`);
  }
}
