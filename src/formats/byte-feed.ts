/** What a decoder yields where it must have more bytes before it can go on: push some, or end the feed. */
export const MORE_BYTES = 'more-bytes';

/**
 * The bytes of a file on their way to a decoder, which takes them as they come: it holds no more than what was pushed
 * and not taken yet. One thread.
 */
export class ByteFeed {
  #bytes: Uint8Array;
  #start = 0; // of what is unread
  #position = 0;
  #isEnded: boolean;

  /** @param whole the whole file; without it bytes are pushed. They are not copied and must stay as they are. */
  constructor(whole?: Uint8Array) {
    this.#bytes = whole ?? new Uint8Array(0);
    this.#isEnded = whole !== undefined;
  }

  /** Offset in the file of the next byte. */
  get position(): number {
    return this.#position;
  }

  /** Whether no byte will come after those that are there. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Bytes that are there and unread; until the next push. */
  get unread(): Uint8Array {
    return this.#bytes.subarray(this.#start);
  }

  /** Takes the next piece of the file, which must stay as it is. */
  push(piece: Uint8Array): void {
    const left = this.unread;
    if (left.length === 0) {
      this.#bytes = piece;
    } else {
      this.#bytes = new Uint8Array(left.length + piece.length);
      this.#bytes.set(left);
      this.#bytes.set(piece, left.length);
    }
    this.#start = 0;
  }

  /** Says that the file is over. */
  end(): void {
    this.#isEnded = true;
  }

  /** Waits for `count` unread bytes; gives whether they are there, or the file is over before. */
  *fill(count: number): Generator<typeof MORE_BYTES, boolean> {
    while (this.#bytes.length - this.#start < count) {
      if (this.#isEnded) return false;
      yield MORE_BYTES;
    }
    return true;
  }

  /** Passes bytes that are there. */
  advance(count: number): void {
    this.#start += count;
    this.#position += count;
  }

  /** Passes bytes as they come, or all that are left. */
  *skip(count: number): Generator<typeof MORE_BYTES, void> {
    for (let left = count; left > 0;) {
      if (!(yield* this.fill(1))) return;
      const step = Math.min(left, this.#bytes.length - this.#start);
      this.advance(step);
      left -= step;
    }
  }

  /** A view of the first `count` unread bytes. */
  view(count: number): DataView {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#start, count);
  }
}
