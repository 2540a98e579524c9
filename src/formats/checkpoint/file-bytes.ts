import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {SizedRandomAccess} from '../random-access.ts';

/**
 * Reads exactly these bytes; nothing is allocated where the file does not hold them.
 * @param what names the bytes in the message.
 * @throws ModelFormatError where they lie outside of the file, or it ends before them.
 */
export async function readExactly(
  file: SizedRandomAccess,
  offset: number,
  length: number,
  what: string,
): Promise<Uint8Array> {
  checkWithin(file, offset, length, what);
  const first = await file.read(offset, length);
  if (first.length === length) return first;
  const bytes = new Uint8Array(length);
  bytes.set(first);
  for (let filled = first.length; filled < length;) {
    const piece = await file.read(offset + filled, length - filled);
    if (piece.length === 0) {
      throw new ModelFormatError(
        `a file that ends at byte ${offset + filled}`,
        `${what} up to ${offset + length}`,
      );
    }
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes;
}

/** A part of a file as a file of its own. @throws ModelFormatError where it reaches beyond the file. */
export function sectionOf(
  file: SizedRandomAccess,
  offset: number,
  length: number,
  what: string,
): SizedRandomAccess {
  checkWithin(file, offset, length, what);
  return {
    sizeBytes: length,
    read: (start, count) => file.read(offset + start, Math.max(0, Math.min(count, length - start))),
  };
}

function checkWithin(file: SizedRandomAccess, offset: number, length: number, what: string): void {
  const isWhole = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (isWhole && offset + length <= file.sizeBytes) return;
  throw new ModelFormatError(
    `${what} of ${length} bytes at byte ${offset}`,
    `a place within the ${file.sizeBytes} bytes of the file`,
  );
}
