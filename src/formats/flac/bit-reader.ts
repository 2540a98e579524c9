/** Thrown where a stream ends before what is being read: the file was cut. */
export class EndOfDataError extends Error {}

/**
 * Reads a byte array bit by bit, most significant bit first. Any thread. Allocates nothing.
 * @throws EndOfDataError from every method that would read past the end.
 */
export class BitReader {
  readonly bytes: Uint8Array;
  #byte: number;
  #bit = 0; // 0…7, bits of the current byte already read

  constructor(bytes: Uint8Array, byteOffset: number) {
    this.bytes = bytes;
    this.#byte = byteOffset;
  }

  /** Offset of the next byte; only asked for where reading is aligned to bytes. */
  get byteOffset(): number {
    return this.#byte;
  }

  /** The next `count` bits as an unsigned number; count 0…32. */
  readUnsigned(count: number): number {
    if (count === 0) return 0;
    const value = this.#peek() >>> (32 - count);
    this.#skip(count);
    return value;
  }

  /** The next `count` bits as a two's complement number; count 0…32. */
  readSigned(count: number): number {
    if (count === 0) return 0;
    const value = this.#peek() >> (32 - count);
    this.#skip(count);
    return value;
  }

  /** How many zero bits come before the next one bit, which is read as well. */
  readUnary(): number {
    let zeroCount = 0;
    for (;;) {
      const zeros = Math.clz32(this.#peek());
      if (zeros < 32) {
        this.#skip(zeros + 1);
        return zeroCount + zeros;
      }
      this.#skip(32);
      zeroCount += 32;
    }
  }

  /** Leaves out what remains of a byte that has been begun. */
  alignToByte(): void {
    if (this.#bit > 0) this.#skip(8 - this.#bit);
  }

  /** The next 32 bits as a signed number; zeros beyond the end, which `#skip` then refuses to pass. */
  #peek(): number {
    const {bytes} = this;
    const byte = this.#byte;
    const high =
      ((bytes[byte] ?? 0) << 24) |
      ((bytes[byte + 1] ?? 0) << 16) |
      ((bytes[byte + 2] ?? 0) << 8) |
      (bytes[byte + 3] ?? 0);
    const bit = this.#bit;
    return bit === 0 ? high : (high << bit) | ((bytes[byte + 4] ?? 0) >>> (8 - bit));
  }

  #skip(count: number): void {
    const bits = this.#bit + count;
    this.#byte += bits >>> 3;
    this.#bit = bits & 7;
    if (this.#byte + (this.#bit > 0 ? 1 : 0) > this.bytes.length) throw new EndOfDataError();
  }
}
