import {createSHA256, createSHA384} from 'hash-wasm';
import type {SizedRandomAccess} from '../formats/random-access.ts';
import type {FileDigests} from '../models/verify-weights.ts';

/** Bytes read at once: large enough that reading costs little beside hashing. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** How to read a file that is hashed. */
export interface DigestOptions {
  /** Whether to compute the SHA-384 too. Default false. */
  readonly withSha384?: boolean;
  /** Told how many bytes are read, of how many. */
  readonly onProgress?: ((readBytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Computes the digests of a file piece by piece: WebCrypto, which browsers have, would need all of it in memory. Any
 * thread.
 * @throws the signal's reason where it aborts, whatever reading rejects with.
 */
export async function computeDigests(
  file: SizedRandomAccess,
  {withSha384 = false, onProgress, signal}: DigestOptions = {},
): Promise<FileDigests> {
  const sha256 = await createSHA256();
  const sha384 = withSha384 ? await createSHA384() : undefined;
  let readBytes = 0;
  for (;;) {
    signal?.throwIfAborted();
    const piece = await file.read(readBytes, PIECE_BYTES);
    if (piece.length === 0) break;
    sha256.update(piece);
    sha384?.update(piece);
    readBytes += piece.length;
    onProgress?.(readBytes, file.sizeBytes);
  }
  return {bytes: readBytes, sha256: sha256.digest(), sha384: sha384?.digest()};
}
