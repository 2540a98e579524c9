import type {SizedRandomAccess} from '../../src/formats/random-access.ts';

/** Bytes of a file, or so many zeros that nobody has to hold. */
export type FilePiece = Uint8Array | number;

/** A file in memory. */
export function joinPieces(pieces: readonly FilePiece[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce<number>((sum, piece) => sum + lengthOf(piece), 0));
  let offset = 0;
  for (const piece of pieces) {
    if (typeof piece !== 'number') bytes.set(piece, offset);
    offset += lengthOf(piece);
  }
  return bytes;
}

/** A file that counts what is read of it; its zeros take no memory until they are read. */
export class CountedFile implements SizedRandomAccess {
  readonly sizeBytes: number;
  /** All bytes read so far, and the most of one read. */
  readBytes = 0;
  longestRead = 0;
  readonly #pieces: readonly FilePiece[];

  constructor(pieces: readonly FilePiece[]) {
    this.#pieces = pieces;
    this.sizeBytes = pieces.reduce<number>((sum, piece) => sum + lengthOf(piece), 0);
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.sizeBytes - offset)));
    this.readBytes += bytes.length;
    this.longestRead = Math.max(this.longestRead, bytes.length);
    let start = 0;
    for (const piece of this.#pieces) {
      if (typeof piece !== 'number') copyOverlap(piece, start - offset, bytes);
      start += lengthOf(piece);
    }
    return Promise.resolve(bytes);
  }
}

/** Copies what of `piece` falls into `out` where its first byte would lie at `position`. */
function copyOverlap(piece: Uint8Array, position: number, out: Uint8Array): void {
  const begin = Math.max(0, position);
  const end = Math.min(out.length, position + piece.length);
  if (begin < end) out.set(piece.subarray(begin - position, end - position), begin);
}

function lengthOf(piece: FilePiece): number {
  return typeof piece === 'number' ? piece : piece.length;
}
