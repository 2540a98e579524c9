import {deflateRawSync} from 'node:zlib';
import {joinPieces, type FilePiece} from './file-pieces.ts';

/** A file to put into a ZIP. */
export interface ZipSource {
  readonly name: string;
  readonly content: readonly FilePiece[];
  readonly isDeflated?: boolean;
}

/** How a ZIP is written. */
export interface ZipOptions {
  /** Sizes, offsets and the place of the directory in 64 bits, whether they need it or not. */
  readonly isZip64?: boolean;
  readonly comment?: string;
  /** Changes what the directory says of each entry, by position of its field. */
  readonly patchEntry?: (entry: DataView) => void;
}

const ELSEWHERE = 0xffff_ffff;

/** Pieces of a ZIP, from APPNOTE.TXT 4.3; checksums are left 0. */
export function writeZip(sources: readonly ZipSource[], options: ZipOptions = {}): FilePiece[] {
  const pieces: FilePiece[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const add = (piece: FilePiece): void => {
    pieces.push(piece);
    offset += lengthOf([piece]);
  };
  for (const {name, content, isDeflated = false} of sources) {
    const stored = isDeflated ? [deflateRawSync(joinPieces(content))] : content;
    const entry = {name, isDeflated, sizeBytes: lengthOf(content), storedBytes: lengthOf(stored), offset};
    directory.push(centralHeader(entry, options));
    add(localHeader(entry));
    stored.forEach(add);
  }
  const directoryOffset = offset;
  directory.forEach(add);
  add(endRecords(directoryOffset, offset - directoryOffset, sources.length, options));
  return pieces;
}

interface Entry {
  readonly name: string;
  readonly isDeflated: boolean;
  readonly sizeBytes: number;
  readonly storedBytes: number;
  readonly offset: number;
}

function localHeader({name, isDeflated, sizeBytes, storedBytes}: Entry): Uint8Array {
  const extra = [0x46, 0x42, 4, 0, 0x5a, 0x5a, 0x5a, 0x5a]; // as torch pads with, and longer than in the directory
  return fields(
    [4, 0x04034b50],
    [2, 45],
    [2, 0],
    [2, isDeflated ? 8 : 0],
    [4, 0],
    [4, 0],
    [4, Math.min(storedBytes, ELSEWHERE)],
    [4, Math.min(sizeBytes, ELSEWHERE)],
    [2, name.length],
    [2, extra.length],
    name,
    ...extra.map((byte): [number, number] => [1, byte]),
  );
}

function centralHeader(
  {name, isDeflated, ...entry}: Entry,
  {isZip64 = false, patchEntry}: ZipOptions,
): Uint8Array {
  const numbers = [entry.sizeBytes, entry.storedBytes, entry.offset];
  const extra = isZip64
    ? fields([2, 1], [2, 24], ...numbers.map((n): [number, number] => [8, n]))
    : new Uint8Array(0);
  const [sizeBytes = 0, storedBytes = 0, offset = 0] = isZip64 ? numbers.map(() => ELSEWHERE) : numbers;
  const header = fields(
    [4, 0x02014b50],
    [2, 45],
    [2, 45],
    [2, 0],
    [2, isDeflated ? 8 : 0],
    [4, 0],
    [4, 0],
    [4, storedBytes],
    [4, sizeBytes],
    [2, name.length],
    [2, extra.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, offset],
    name,
  );
  patchEntry?.(new DataView(header.buffer));
  return joinPieces([header, extra]);
}

function endRecords(
  offset: number,
  length: number,
  count: number,
  {isZip64, comment = ''}: ZipOptions,
): Uint8Array {
  const end64 = fields(
    [4, 0x06064b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, length],
    [8, offset],
  );
  const locator = fields([4, 0x07064b50], [4, 0], [8, offset + length], [4, 1]);
  const [length32, offset32] = isZip64 === true ? [ELSEWHERE, ELSEWHERE] : [length, offset];
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, length32],
    [4, offset32],
    [2, comment.length],
    comment,
  );
  return joinPieces(isZip64 === true ? [end64, locator, end] : [end]);
}

/** Little-endian numbers, each after its size in bytes, and texts. */
function fields(...values: readonly (readonly [number, number] | string)[]): Uint8Array {
  const bytes = values.flatMap((value) => {
    if (typeof value === 'string') return [...new TextEncoder().encode(value)];
    const [size, number] = value;
    return Array.from({length: size}, (_, index) => Math.floor(number / 256 ** index) % 256);
  });
  return Uint8Array.from(bytes);
}

function lengthOf(pieces: readonly FilePiece[]): number {
  return pieces.reduce<number>((sum, piece) => sum + (typeof piece === 'number' ? piece : piece.length), 0);
}
