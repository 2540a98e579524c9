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
export function nextInstruction(cursor: PickleCursor): Instruction {
  const [byte = 0] = cursor.take(1);
  if (!isOpcode(byte)) {
    const hex = byte.toString(16).padStart(2, '0');
    throw new ModelFormatError(
      `pickle opcode 0x${hex} at byte ${cursor.position - 1}`,
      'one that state dictionaries need',
    );
  }
  const [opcode, kind] = OPCODES[byte];
  return {opcode, operand: OPERANDS[kind](cursor)};
}

function isOpcode(byte: number): byte is keyof typeof OPCODES {
  return Object.hasOwn(OPCODES, byte);
}

/** How each operand is read. */
const OPERANDS: Readonly<Record<Operand, (cursor: PickleCursor) => unknown>> = {
  none: () => undefined,
  byte: takeUint8,
  uint16: (cursor) => view(cursor.take(2)).getUint16(0, true),
  uint32: takeUint32,
  uint64: takeUint64,
  int32: (cursor) => view(cursor.take(4)).getInt32(0, true),
  float64: (cursor) => view(cursor.take(8)).getFloat64(0, false),
  long1: (cursor) => takeInteger(cursor, takeUint8(cursor)),
  long4: (cursor) => takeInteger(cursor, takeUint32(cursor)),
  text1: (cursor) => toText(cursor.take(takeUint8(cursor))),
  text4: (cursor) => toText(cursor.take(takeUint32(cursor))),
  text8: (cursor) => toText(cursor.take(takeUint64(cursor))),
  bytes1: (cursor) => cursor.take(takeUint8(cursor)).slice(),
  bytes4: (cursor) => cursor.take(takeUint32(cursor)).slice(),
  bytes8: (cursor) => cursor.take(takeUint64(cursor)).slice(),
  string1: (cursor) => toCharacters(cursor.take(takeUint8(cursor))),
  string4: (cursor) => toCharacters(cursor.take(takeUint32(cursor))),
  lines2: (cursor) => [toText(cursor.takeLine()), toText(cursor.takeLine())],
};

function takeUint8(cursor: PickleCursor): number {
  return view(cursor.take(1)).getUint8(0);
}

function takeUint32(cursor: PickleCursor): number {
  return view(cursor.take(4)).getUint32(0, true);
}

function takeUint64(cursor: PickleCursor): number {
  return Number(view(cursor.take(8)).getBigUint64(0, true));
}

function takeInteger(cursor: PickleCursor, length: number): number | bigint {
  if (length <= LONG_LIMIT_BYTES) return toInteger(cursor.take(length));
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
