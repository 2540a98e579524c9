import {ModelFormatError} from '../graph/model-format-error.ts';

const MAGIC = '\x93NUMPY';
/** Magic, version and the length of the header in version 1. */
const PREAMBLE_BYTES = 10;

/**
 * The int8 values of a NumPy array file, in C order; a view of `bytes`. Reads what publishers of vectors write: version
 * 1.0 (NEP 1), type `|i1`, not in Fortran's order. Any thread.
 * @throws ModelFormatError for any other file.
 */
export function readInt8Npy(bytes: Uint8Array): Int8Array {
  const ascii = (start: number, end: number): string => String.fromCharCode(...bytes.subarray(start, end));
  const version = bytes[6] ?? NaN;
  if (ascii(0, 6) !== MAGIC || version !== 1 || bytes.length < PREAMBLE_BYTES) {
    throw new ModelFormatError(`a file of ${bytes.length} bytes`, 'a NumPy array file of version 1');
  }
  const start = PREAMBLE_BYTES + (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0);
  const header = ascii(PREAMBLE_BYTES, Math.min(start, bytes.length));
  const type = /'descr': '([^']*)'/.exec(header)?.[1];
  const sizes = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  if (type !== '|i1' || sizes === undefined || !header.includes("'fortran_order': False")) {
    throw new ModelFormatError(`an array with the header ${header.trim()}`, 'int8 values (|i1) in C order');
  }
  const count = sizes
    .split(',')
    .reduce((product, size) => (size.trim() ? product * Number(size) : product), 1);
  if (bytes.length - start !== count) {
    throw new ModelFormatError(`${bytes.length - start} values in a NumPy array file`, `${count}`);
  }
  return new Int8Array(bytes.buffer, bytes.byteOffset + start, count);
}
