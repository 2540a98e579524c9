/** What follows an opcode in the stream. */
export type Operand =
  | 'none'
  | 'byte' // unsigned numbers, little-endian
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'int32'
  | 'float64' // big-endian
  | 'long1' // two's complement, little-endian, after its length of 1 or 4 bytes
  | 'long4'
  | 'text1' // UTF-8 after its length of 1, 4 or 8 bytes
  | 'text4'
  | 'text8'
  | 'bytes1' // bytes, likewise
  | 'bytes4'
  | 'bytes8'
  | 'string1' // bytes of a Python 2 str, each a character, likewise
  | 'string4'
  | 'lines2'; // two lines, module and name

/**
 * The opcodes that `torch.save` writes with protocols 2 to 5, by byte; a pickle with any other is refused.
 * Names as in Python's pickletools; those of one effect go by one name.
 */
export const OPCODES = {
  0x80: ['PROTO', 'byte'],
  0x95: ['FRAME', 'uint64'],
  0x2e: ['STOP', 'none'],
  0x28: ['MARK', 'none'],
  0x30: ['POP', 'none'],
  0x31: ['POP_MARK', 'none'],
  0x32: ['DUP', 'none'],
  0x4e: ['NONE', 'none'],
  0x88: ['NEWTRUE', 'none'],
  0x89: ['NEWFALSE', 'none'],
  0x4a: ['PUSH', 'int32'], // BININT
  0x4b: ['PUSH', 'byte'], // BININT1
  0x4d: ['PUSH', 'uint16'], // BININT2
  0x8a: ['PUSH', 'long1'], // LONG1
  0x8b: ['PUSH', 'long4'], // LONG4
  0x47: ['PUSH', 'float64'], // BINFLOAT
  0x55: ['PUSH', 'string1'], // SHORT_BINSTRING
  0x54: ['PUSH', 'string4'], // BINSTRING
  0x8c: ['PUSH', 'text1'], // SHORT_BINUNICODE
  0x58: ['PUSH', 'text4'], // BINUNICODE
  0x8d: ['PUSH', 'text8'], // BINUNICODE8
  0x43: ['PUSH', 'bytes1'], // SHORT_BINBYTES
  0x42: ['PUSH', 'bytes4'], // BINBYTES
  0x8e: ['PUSH', 'bytes8'], // BINBYTES8
  0x29: ['EMPTY_SEQUENCE', 'none'], // EMPTY_TUPLE
  0x85: ['TUPLE1', 'none'],
  0x86: ['TUPLE2', 'none'],
  0x87: ['TUPLE3', 'none'],
  0x74: ['SEQUENCE', 'none'], // TUPLE
  0x5d: ['EMPTY_SEQUENCE', 'none'], // EMPTY_LIST
  0x6c: ['SEQUENCE', 'none'], // LIST
  0x61: ['APPEND', 'none'],
  0x65: ['APPENDS', 'none'],
  0x7d: ['EMPTY_DICT', 'none'],
  0x64: ['DICT', 'none'],
  0x73: ['SETITEM', 'none'],
  0x75: ['SETITEMS', 'none'],
  0x71: ['PUT', 'byte'], // BINPUT
  0x72: ['PUT', 'uint32'], // LONG_BINPUT
  0x94: ['MEMOIZE', 'none'],
  0x68: ['GET', 'byte'], // BINGET
  0x6a: ['GET', 'uint32'], // LONG_BINGET
  0x63: ['GLOBAL', 'lines2'],
  0x93: ['STACK_GLOBAL', 'none'],
  0x52: ['REDUCE', 'none'],
  0x62: ['BUILD', 'none'],
  0x51: ['BINPERSID', 'none'],
} as const satisfies Readonly<Record<number, readonly [string, Operand]>>;

/** Names of the opcodes. */
export type OpcodeName = (typeof OPCODES)[keyof typeof OPCODES][0];
