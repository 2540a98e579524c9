/** A field of a FlatBuffer table as tests write it; undefined leaves the field out. */
export type Field =
  | {readonly kind: 'scalar'; readonly bytes: Uint8Array}
  | {readonly kind: 'vector'; readonly count: number; readonly bytes: Uint8Array; readonly alignment: number}
  | {readonly kind: 'table'; readonly fields: Fields}
  | {readonly kind: 'tables'; readonly tables: readonly Fields[]};

/** Fields of one table in the schema's order. */
export type Fields = readonly (Field | undefined)[];

const scalar = (byteLength: number, write: (view: DataView) => void): Field => {
  const bytes = new Uint8Array(byteLength);
  write(new DataView(bytes.buffer));
  return {kind: 'scalar', bytes};
};

const vector = (byteLength: number, count: number, write: (view: DataView, index: number) => void): Field => {
  const bytes = new Uint8Array(byteLength * count);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index++) write(view, index);
  return {kind: 'vector', count, bytes, alignment: Math.max(4, byteLength)};
};

/** One byte: ubyte, byte, bool or an enum of one. */
export const uint8 = (value: number): Field => scalar(1, (view) => view.setUint8(0, value & 255));
/** A 32-bit whole number, signed or not. */
export const int32 = (value: number): Field => scalar(4, (view) => view.setInt32(0, value | 0, true));
/** A float. */
export const float32 = (value: number): Field => scalar(4, (view) => view.setFloat32(0, value, true));
/** A 64-bit whole number. */
export const int64 = (value: bigint): Field => scalar(8, (view) => view.setBigInt64(0, value, true));
/** Vector of 32-bit whole numbers. */
export const int32s = (values: readonly number[]): Field =>
  vector(4, values.length, (view, index) => view.setInt32(4 * index, values[index] ?? 0, true));
/** Vector of floats. */
export const float32s = (values: readonly number[]): Field =>
  vector(4, values.length, (view, index) => view.setFloat32(4 * index, values[index] ?? 0, true));
/** Vector of 64-bit whole numbers. */
export const int64s = (values: readonly (bigint | number)[]): Field =>
  vector(8, values.length, (view, index) => view.setBigInt64(8 * index, BigInt(values[index] ?? 0), true));
/** Vector of bytes, aligned as TFLite aligns the data of its buffers. */
export const bytes = (values: Uint8Array, alignment = 16): Field => ({
  kind: 'vector',
  count: values.length,
  bytes: values,
  alignment,
});
/** A string, with the terminating zero that the format asks for. */
export const text = (value: string): Field => {
  const encoded = new TextEncoder().encode(value);
  const terminated = new Uint8Array(encoded.length + 1);
  terminated.set(encoded);
  return {kind: 'vector', count: encoded.length, bytes: terminated, alignment: 4};
};
/** A table of its own. */
export const table = (fields: Fields): Field => ({kind: 'table', fields});
/** A vector of tables. */
export const tables = (list: readonly Fields[]): Field => ({kind: 'tables', tables: list});

/**
 * Writes a FlatBuffer for tests: root offset, identifier, then every table with its own vtable in front of it and
 * its children behind it. Nothing is shared, so the files are longer than flatc's.
 */
export function writeFlatBuffer(identifier: string, root: Fields): Uint8Array {
  const output = new ByteWriter();
  output.append(new Uint8Array(4));
  output.append(new TextEncoder().encode(identifier));
  output.patchUint32(0, writeTable(output, root));
  return output.toBytes();
}

/** Writes a table and what hangs below it; returns its position. */
function writeTable(output: ByteWriter, fields: Fields): number {
  // every field gets 8 bytes: room and alignment for any of them
  const slots = fields.map((field, index) => (field === undefined ? 0 : 8 + 8 * index));
  const tableBytes = 8 + 8 * fields.length;
  output.align(8);
  const vtableBytes = 4 + 2 * fields.length;
  output.append(new Uint8Array((8 - (vtableBytes % 8)) % 8)); // so that the table behind it is aligned
  const vtable = output.append(uint16s([vtableBytes, tableBytes, ...slots]));
  const position = output.append(new Uint8Array(tableBytes));
  output.patchUint32(position, position - vtable);
  fields.forEach((field, index) => {
    if (field === undefined) return;
    const slot = position + (slots[index] ?? 0);
    if (field.kind === 'scalar') output.patch(slot, field.bytes);
    else output.patchUint32(slot, writeChild(output, field) - slot);
  });
  return position;
}

function writeChild(output: ByteWriter, field: Exclude<Field, {kind: 'scalar'}>): number {
  if (field.kind === 'table') return writeTable(output, field.fields);
  if (field.kind === 'vector') {
    output.align(field.alignment, 4);
    const position = output.append(uint32s([field.count]));
    output.append(field.bytes);
    return position;
  }
  output.align(4);
  const position = output.append(uint32s([field.tables.length]));
  const first = output.append(new Uint8Array(4 * field.tables.length));
  field.tables.forEach((fields, index) => {
    const slot = first + 4 * index;
    output.patchUint32(slot, writeTable(output, fields) - slot);
  });
  return position;
}

const uint16s = (values: readonly number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);
const uint32s = (values: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

/** Bytes that grow at the end and can be patched anywhere. */
class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  append(values: Uint8Array): number {
    const position = this.#length;
    this.#grow(values.length);
    this.#bytes.set(values, position);
    return position;
  }

  /** Pads until a value written `ahead` bytes further on is aligned. */
  align(alignment: number, ahead = 0): void {
    const excess = (this.#length + ahead) % alignment;
    if (excess > 0) this.#grow(alignment - excess);
  }

  patch(position: number, values: Uint8Array): void {
    this.#bytes.set(values, position);
  }

  patchUint32(position: number, value: number): void {
    this.patch(position, uint32s([value]));
  }

  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Makes the file longer by zeros. */
  #grow(count: number): void {
    this.#length += count;
    if (this.#length <= this.#bytes.length) return;
    const longer = new Uint8Array(2 * this.#length);
    longer.set(this.#bytes);
    this.#bytes = longer;
  }
}
