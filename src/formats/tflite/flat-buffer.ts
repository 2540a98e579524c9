import {ModelFormatError} from '../../graph/model-format-error.ts';
import {ByteBudget} from './byte-budget.ts';

/** Bytes of vectors and strings that may be read beyond what the file holds: files may share some of them. */
const SHARED_BYTES_ALLOWED = 65_536;

/**
 * Read access to a FlatBuffer in which nothing is believed: every offset is checked against the file before it is
 * followed, and all vectors and strings together may not hold much more than the file itself, so that a small
 * hostile file cannot point at one long vector a million times.
 * Layout after https://flatbuffers.dev/internals/. Little-endian on every platform.
 */
export class FlatBuffer {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #decoder = new TextDecoder();
  readonly #budget: ByteBudget;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#budget = new ByteBudget(4 * bytes.byteLength + SHARED_BYTES_ALLOWED, 'vectors and strings');
  }

  /** @throws ModelFormatError where `length` bytes at `position` do not all lie in the file. */
  requireBytes(position: number, length: number): void {
    if (position >= 0 && position + length <= this.bytes.byteLength) return;
    throw new ModelFormatError(
      `${length} bytes at ${position} of a file of ${this.bytes.byteLength}`,
      'offsets inside the file (is it truncated?)',
    );
  }

  /** @throws ModelFormatError where the vectors read so far and this one exceed what the file can hold. */
  spend(byteLength: number): void {
    this.#budget.spend(byteLength);
  }

  uint8(position: number): number {
    this.requireBytes(position, 1);
    return this.#view.getUint8(position);
  }

  uint16(position: number): number {
    this.requireBytes(position, 2);
    return this.#view.getUint16(position, true);
  }

  int32(position: number): number {
    this.requireBytes(position, 4);
    return this.#view.getInt32(position, true);
  }

  uint32(position: number): number {
    this.requireBytes(position, 4);
    return this.#view.getUint32(position, true);
  }

  float32(position: number): number {
    this.requireBytes(position, 4);
    return this.#view.getFloat32(position, true);
  }

  /** @throws ModelFormatError where the value does not fit 32 bits, which no shape or zero point needs. */
  int64(position: number): number {
    this.requireBytes(position, 8);
    const value = this.#view.getBigInt64(position, true);
    if (BigInt.asIntN(32, value) === value) return Number(value);
    throw new ModelFormatError(`64-bit value ${value}`, 'a value that fits 32 bits');
  }

  /** Text in UTF-8; what is not UTF-8 reads as U+FFFD. */
  text(position: number, byteLength: number): string {
    this.requireBytes(position, byteLength);
    return this.#decoder.decode(this.bytes.subarray(position, position + byteLength));
  }
}
