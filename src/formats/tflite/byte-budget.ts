import {ModelFormatError} from '../../graph/model-format-error.ts';

/** A number of bytes that may be spent once; keeps a hostile file from multiplying what it holds. */
export class ByteBudget {
  readonly #limit: number;
  readonly #what: string;
  #spent = 0;

  /** @param what names what is counted in the message. */
  constructor(limit: number, what: string) {
    this.#limit = limit;
    this.#what = what;
  }

  /** @throws ModelFormatError where the sum of all spending exceeds the limit. */
  spend(byteLength: number): void {
    this.#spent += byteLength;
    if (this.#spent <= this.#limit) return;
    throw new ModelFormatError(
      `${this.#spent} bytes of ${this.#what}`,
      `at most ${this.#limit} for this file`,
    );
  }
}
