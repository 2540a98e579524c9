import type {WeightsInfo} from '../protocol/messages.ts';
import type {AcceptedDigest} from '../systems/card.ts';
import {ModelIntegrityError} from './model-integrity-error.ts';

export type {WeightsInfo} from '../protocol/messages.ts';

/** A model whose file is pinned. */
export interface PinnedFile {
  readonly id: string;
  readonly accepted: readonly AcceptedDigest[];
}

/**
 * Compares the SHA-256 of a model file with the digests that its card accepts, before any parser sees it.
 * Any thread with WebCrypto (workers and pages of a secure context, Node).
 * @throws ModelIntegrityError where the digest is not accepted and `allowUnverified` is not set.
 */
export async function verifyWeights(
  {id, accepted}: PinnedFile,
  bytes: Uint8Array,
  options: {readonly allowUnverified?: boolean} = {},
): Promise<WeightsInfo> {
  const sha256 = await sha256Hex(bytes);
  const known = accepted.find((digest) => digest.sha256 === sha256);
  if (known) return {sha256, verified: true, what: known.what};
  if (options.allowUnverified === true) return {sha256, verified: false, what: 'an unverified file'};
  throw new ModelIntegrityError(
    `${bytes.byteLength} bytes with SHA-256 ${sha256}`,
    `weights of ${id}: ${describeAccepted(accepted)}`,
  );
}

/** One line that names every accepted file by what it is, its size and its digest. Any thread. */
export function describeAccepted(accepted: readonly AcceptedDigest[]): string {
  return accepted.map(({what, bytes, sha256}) => `${what} (${bytes} bytes, SHA-256 ${sha256})`).join(' or ');
}

/**
 * The SHA-256 of the bytes, lower-case hex. Any thread with WebCrypto.
 * @throws ModelIntegrityError where WebCrypto is missing: browsers offer it in secure contexts only.
 */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  // The DOM types say `subtle` is always there; a page served over plain HTTP has none.
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (!subtle) throw new ModelIntegrityError('no WebCrypto', 'a secure context (HTTPS or localhost)');
  // Shared memory is the one kind of view that digest() refuses, and it refuses it itself with a TypeError.
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
