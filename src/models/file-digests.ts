import type {SizedRandomAccess} from '../formats/random-access.ts';
import {createRunningDigests, type DigestChoice, type RunningDigests} from './running-digests.ts';
import type {FileDigests} from './verify-weights.ts';

/** Bytes read at once: large enough that reading costs little beside hashing. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** How to read a file that is hashed. */
export interface ReadingOptions {
  /** Told how many bytes are read, of how many. */
  readonly onProgress?: ((readBytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Which digests, and how to read. */
export interface DigestOptions extends DigestChoice, ReadingOptions {}

/**
 * Computes the digests of a file piece by piece. Any thread.
 * @throws the signal's reason where it aborts, whatever reading rejects with.
 */
export async function computeDigests(
  file: SizedRandomAccess,
  options: DigestOptions = {},
): Promise<FileDigests> {
  const digests = await createRunningDigests(options, file.sizeBytes);
  await digestInto(digests, file, options);
  return await digests.finish();
}

/**
 * Gives all bytes of a file to digests that go on. Any thread.
 * @throws as `computeDigests`.
 */
export async function digestInto(
  digests: RunningDigests,
  file: SizedRandomAccess,
  {onProgress, signal}: ReadingOptions = {},
): Promise<void> {
  let readBytes = 0;
  for (;;) {
    signal?.throwIfAborted();
    const piece = await file.read(readBytes, PIECE_BYTES);
    if (piece.length === 0) return;
    digests.update(piece);
    readBytes += piece.length;
    onProgress?.(readBytes, file.sizeBytes);
  }
}
