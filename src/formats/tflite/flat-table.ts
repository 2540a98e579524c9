import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {FlatBuffer} from './flat-buffer.ts';

/** Most tables one vector may list: operators, tensors or buffers of one network. */
const MAX_TABLES = 65_536;

/** Where a vector's elements lie. */
export interface FlatVector {
  readonly position: number;
  readonly count: number;
}

/**
 * The root table of a file.
 * @param identifier the four characters the file must carry behind the root offset.
 * @throws ModelFormatError where they differ or the file is too short to hold them.
 */
export function rootTable(file: FlatBuffer, identifier: string): FlatTable {
  const got = file.text(4, 4);
  if (got !== identifier) {
    throw new ModelFormatError(`file identifier ${JSON.stringify(got)}`, JSON.stringify(identifier));
  }
  return new FlatTable(file, file.uint32(0));
}

/** One table of a FlatBuffer: fields by their number in the schema, each absent or with a value. */
export class FlatTable {
  readonly #file: FlatBuffer;
  readonly #position: number;
  readonly #vtable: number;
  readonly #vtableLength: number;
  readonly #length: number;

  /** @throws ModelFormatError where the table or its vtable does not lie in the file. */
  constructor(file: FlatBuffer, position: number) {
    this.#file = file;
    this.#position = position;
    this.#vtable = position - file.int32(position);
    this.#vtableLength = file.uint16(this.#vtable);
    this.#length = file.uint16(this.#vtable + 2);
    if (this.#vtableLength < 4 || this.#length < 4) {
      throw new ModelFormatError(
        `a vtable of ${this.#vtableLength} bytes for a table of ${this.#length}`,
        'at least 4 each',
      );
    }
    file.requireBytes(this.#vtable, this.#vtableLength);
    file.requireBytes(position, this.#length);
  }

  /** One byte as a whole number from 0 to 255; `fallback` where the field is absent. */
  uint8(field: number, fallback = 0): number {
    const position = this.#field(field, 1);
    return position === undefined ? fallback : this.#file.uint8(position);
  }

  /** Whether a bool field is set. */
  bool(field: number): boolean {
    return this.uint8(field) !== 0;
  }

  int32(field: number, fallback = 0): number {
    const position = this.#field(field, 4);
    return position === undefined ? fallback : this.#file.int32(position);
  }

  uint32(field: number, fallback = 0): number {
    const position = this.#field(field, 4);
    return position === undefined ? fallback : this.#file.uint32(position);
  }

  float32(field: number, fallback = 0): number {
    const position = this.#field(field, 4);
    return position === undefined ? fallback : this.#file.float32(position);
  }

  /** Whether the field is present at all. */
  has(field: number): boolean {
    return this.#field(field, 1) !== undefined;
  }

  table(field: number): FlatTable | undefined {
    const position = this.#field(field, 4);
    return position === undefined ? undefined : new FlatTable(this.#file, this.#follow(position));
  }

  string(field: number): string {
    const vector = this.vector(field, 1);
    if (vector === undefined) return '';
    this.#file.spend(vector.count);
    return this.#file.text(vector.position, vector.count);
  }

  /** Tables of a vector, each checked as it is read; none where the field is absent. */
  tables(field: number): FlatTable[] {
    const {position, count} = this.#spentVector(field, 4);
    if (count > MAX_TABLES) throw new ModelFormatError(`a list of ${count} tables`, `at most ${MAX_TABLES}`);
    return Array.from({length: count}, (_, index) => {
      return new FlatTable(this.#file, this.#follow(position + 4 * index));
    });
  }

  int32s(field: number): number[] {
    const {position, count} = this.#spentVector(field, 4);
    return Array.from({length: count}, (_, index) => this.#file.int32(position + 4 * index));
  }

  float32s(field: number): Float32Array {
    const {position, count} = this.#spentVector(field, 4);
    return Float32Array.from({length: count}, (_, index) => this.#file.float32(position + 4 * index));
  }

  /** 64-bit whole numbers, each of which must fit 32 bits. */
  int64s(field: number): Int32Array {
    const {position, count} = this.#spentVector(field, 8);
    return Int32Array.from({length: count}, (_, index) => this.#file.int64(position + 8 * index));
  }

  /** Where the elements of a vector lie, all of them inside the file; undefined where the field is absent. */
  vector(field: number, elementBytes: number): FlatVector | undefined {
    const reference = this.#field(field, 4);
    if (reference === undefined) return undefined;
    const start = this.#follow(reference);
    const count = this.#file.uint32(start);
    this.#file.requireBytes(start + 4, count * elementBytes);
    return {position: start + 4, count};
  }

  #spentVector(field: number, elementBytes: number): FlatVector {
    const vector = this.vector(field, elementBytes) ?? {position: 0, count: 0};
    this.#file.spend(vector.count * elementBytes);
    return vector;
  }

  #follow(position: number): number {
    return position + this.#file.uint32(position);
  }

  /** Where a field's value lies, `byteLength` bytes inside the table; undefined where it is absent. */
  #field(field: number, byteLength: number): number | undefined {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.#vtableLength) return undefined;
    const offset = this.#file.uint16(this.#vtable + entry);
    if (offset === 0) return undefined;
    if (offset + byteLength > this.#length) {
      throw new ModelFormatError(
        `field ${field} at byte ${offset} of a table of ${this.#length}`,
        'fields inside their table',
      );
    }
    return this.#position + offset;
  }
}
