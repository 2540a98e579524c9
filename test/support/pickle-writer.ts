/** Bytes of a piece of a pickle, put together from the description of its opcodes (protocol 2). */
export type PickleBytes = readonly number[];

const STOP = 0x2e;

/** A whole pickle of one value. */
export function pickle(value: PickleBytes): Uint8Array {
  return Uint8Array.from([0x80, 2, ...value, STOP]);
}

/** None. */
export const NONE: PickleBytes = [0x4e];

/** BININT for what fits in 32 bits, LONG1 for the rest. */
export function integer(value: number | bigint): PickleBytes {
  if (Math.abs(Number(value)) < 2 ** 31) return [0x4a, ...littleEndian(BigInt(value), 4)];
  return [0x8a, 10, ...littleEndian(BigInt(value), 10)];
}

/** NEWTRUE or NEWFALSE. */
export function boolean(value: boolean): PickleBytes {
  return [value ? 0x88 : 0x89];
}

/** BINFLOAT. */
export function float(value: number): PickleBytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, false);
  return [0x47, ...bytes];
}

/** BINUNICODE. */
export function text(value: string): PickleBytes {
  const bytes = new TextEncoder().encode(value);
  return [0x58, ...littleEndian(BigInt(bytes.length), 4), ...bytes];
}

/** SHORT_BINSTRING, the str of Python 2. */
export function oldText(value: string): PickleBytes {
  return [0x55, value.length, ...new TextEncoder().encode(value)];
}

/** A tuple by MARK and TUPLE. */
export function tuple(...items: readonly PickleBytes[]): PickleBytes {
  return [0x28, ...items.flat(), 0x74];
}

/** A list by EMPTY_LIST and APPENDS. */
export function list(...items: readonly PickleBytes[]): PickleBytes {
  return [0x5d, 0x28, ...items.flat(), 0x65];
}

/** A dictionary by EMPTY_DICT and SETITEMS. */
export function dictionary(entries: readonly (readonly [PickleBytes, PickleBytes])[]): PickleBytes {
  return [0x7d, 0x28, ...entries.flat(2), 0x75];
}

/** An OrderedDict as Python 3 writes it, with the attributes that a module's state dictionary has. */
export function orderedDictionary(
  entries: readonly (readonly [PickleBytes, PickleBytes])[],
  attributes?: PickleBytes,
): PickleBytes {
  const empty = reduce(globalName('collections', 'OrderedDict'), tuple());
  return [...empty, 0x28, ...entries.flat(2), 0x75, ...(attributes ? [...attributes, 0x62] : [])];
}

/** GLOBAL: a name of a module. */
export function globalName(module: string, name: string): PickleBytes {
  return [0x63, ...new TextEncoder().encode(`${module}\n${name}\n`)];
}

/** A call by REDUCE. */
export function reduce(callee: PickleBytes, args: PickleBytes): PickleBytes {
  return [...callee, ...args, 0x52];
}

/** A value by its persistent id. */
export function persistent(id: PickleBytes): PickleBytes {
  return [...id, 0x51];
}

function littleEndian(value: bigint, byteCount: number): number[] {
  return Array.from({length: byteCount}, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}
