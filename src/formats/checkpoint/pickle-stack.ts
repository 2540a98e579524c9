import {ModelFormatError} from '../../graph/model-format-error.ts';

/** The stack of a pickle, with its marks; nothing below the last mark can be taken. */
export class PickleStack {
  /** Values below each mark. */
  readonly #marked: unknown[][] = [];
  #values: unknown[] = [];

  push(value: unknown): void {
    this.#values.push(value);
  }

  /** @throws ModelFormatError where there is none, as all that take values do. */
  top(): unknown {
    if (this.#values.length === 0) throw emptyStack();
    return this.#values.at(-1);
  }

  pop(): unknown {
    if (this.#values.length === 0) throw emptyStack();
    return this.#values.pop();
  }

  /** The last values, in their order. */
  popCount(count: number): unknown[] {
    if (this.#values.length < count) throw emptyStack();
    return this.#values.splice(-count);
  }

  mark(): void {
    this.#marked.push(this.#values);
    this.#values = [];
  }

  /** The values since the last mark. */
  popToMark(): unknown[] {
    const values = this.#values;
    const below = this.#marked.pop();
    if (below === undefined) throw new ModelFormatError('a pickle without a mark', 'one before its items');
    this.#values = below;
    return values;
  }
}

function emptyStack(): ModelFormatError {
  return new ModelFormatError('a pickle whose stack is empty', 'a value on it');
}
