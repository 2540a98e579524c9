import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {PickleCursor} from './pickle-cursor.ts';
import {OPCODES, type OpcodeName, type Operand} from './pickle-opcodes.ts';
import {exactNumber} from './pickle-values.ts';

/** One step of a pickle. */
export interface Instruction {
  readonly opcode: OpcodeName;
  /** The number, text or bytes that follow it; module and name for GLOBAL; undefined where nothing does. */
  readonly operand: unknown;
}

/** A bigint of more bytes has no use in a checkpoint, and takes long to make. */
const LONG_LIMIT_BYTES = 255;
const PIECE_CHARACTERS = 4096;

/**
 * Reads the next instruction.
 * @throws ModelFormatError where the opcode is not in the table, or the stream ends before its operand does.
 */
export async function nextInstruction(cursor: PickleCursor): Promise<Instruction> {
  const [byte = 0] = await cursor.take(1);
  if (!isOpcode(byte)) {
    const hex = byte.toString(16).padStart(2, '0');
    throw new ModelFormatError(
      `pickle opcode 0x${hex} at byte ${cursor.position - 1}`,
      'one that state dictionaries need',
    );
  }
  const [opcode, kind] = OPCODES[byte];
  return {opcode, operand: await OPERANDS[kind](cursor)};
}

function isOpcode(byte: number): byte is keyof typeof OPCODES {
  return Object.hasOwn(OPCODES, byte);
}

/** How each operand is read. */
const OPERANDS: Readonly<Record<Operand, (cursor: PickleCursor) => unknown>> = {
  none: () => undefined,
  byte: takeUint8,
  uint16: async (cursor) => view(await cursor.take(2)).getUint16(0, true),
  uint32: takeUint32,
  uint64: takeUint64,
  int32: async (cursor) => view(await cursor.take(4)).getInt32(0, true),
  float64: async (cursor) => view(await cursor.take(8)).getFloat64(0, false),
  long1: async (cursor) => takeInteger(cursor, await takeUint8(cursor)),
  long4: async (cursor) => takeInteger(cursor, await takeUint32(cursor)),
  text1: async (cursor) => toText(await cursor.take(await takeUint8(cursor))),
  text4: async (cursor) => toText(await cursor.take(await takeUint32(cursor))),
  text8: async (cursor) => toText(await cursor.take(await takeUint64(cursor))),
  bytes1: async (cursor) => (await cursor.take(await takeUint8(cursor))).slice(),
  bytes4: async (cursor) => (await cursor.take(await takeUint32(cursor))).slice(),
  bytes8: async (cursor) => (await cursor.take(await takeUint64(cursor))).slice(),
  string1: async (cursor) => toCharacters(await cursor.take(await takeUint8(cursor))),
  string4: async (cursor) => toCharacters(await cursor.take(await takeUint32(cursor))),
  lines2: async (cursor) => [toText(await cursor.takeLine()), toText(await cursor.takeLine())],
};

async function takeUint8(cursor: PickleCursor): Promise<number> {
  return view(await cursor.take(1)).getUint8(0);
}

async function takeUint32(cursor: PickleCursor): Promise<number> {
  return view(await cursor.take(4)).getUint32(0, true);
}

async function takeUint64(cursor: PickleCursor): Promise<number> {
  return Number(view(await cursor.take(8)).getBigUint64(0, true));
}

async function takeInteger(cursor: PickleCursor, length: number): Promise<number | bigint> {
  if (length <= LONG_LIMIT_BYTES) return toInteger(await cursor.take(length));
  throw new ModelFormatError(`an integer of ${length} bytes in a pickle`, `at most ${LONG_LIMIT_BYTES}`);
}

/** Two's complement, little-endian; a number where it is exact. */
function toInteger(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return exactNumber(BigInt.asIntN(8 * bytes.length, value));
}

function toText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
  } catch {
    throw new ModelFormatError('a text in a pickle that does not decode', 'UTF-8');
  }
}

/** In pieces, since a call takes only so many arguments. */
function toCharacters(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += PIECE_CHARACTERS) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + PIECE_CHARACTERS)));
  }
  return pieces.join('');
}

function view({buffer, byteOffset, byteLength}: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
