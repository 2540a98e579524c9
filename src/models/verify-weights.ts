import type {WeightsInfo} from '../protocol/messages.ts';
import type {AcceptedDigest} from '../systems/card.ts';
import {digestHex} from './digest-hex.ts';
import {ModelIntegrityError} from './model-integrity-error.ts';

export type {WeightsInfo} from '../protocol/messages.ts';

/** A model whose file is pinned. */
export interface PinnedFile {
  readonly id: string;
  readonly accepted: readonly AcceptedDigest[];
}

/** Size and digests of a file, lower-case hex. */
export interface FileDigests {
  readonly bytes: number;
  readonly sha256: string;
  /** Where a card lists one and no SHA-256. */
  readonly sha384?: string | undefined;
  /** Where a card lists nothing better. */
  readonly sha1?: string | undefined;
}

/** Whether a file that no card lists may be used. */
export interface VerifyOptions {
  readonly allowUnverified?: boolean | undefined; // default false
}

/**
 * Compares the SHA-256 of a model file with the digests that its card accepts, before any parser sees it.
 * Any thread with WebCrypto (workers and pages of a secure context, Node).
 * @throws ModelIntegrityError where the digest is not accepted and `allowUnverified` is not set.
 */
export async function verifyWeights(
  pinned: PinnedFile,
  bytes: Uint8Array,
  options: VerifyOptions = {},
): Promise<WeightsInfo> {
  return verifyDigests(pinned, {bytes: bytes.byteLength, sha256: await sha256Hex(bytes)}, options);
}

/**
 * Compares the digests of a file with those that its card accepts. Any thread.
 * @throws ModelIntegrityError as {@link verifyWeights}.
 */
export function verifyDigests(
  {id, accepted}: PinnedFile,
  digests: FileDigests,
  {allowUnverified = false}: VerifyOptions = {},
): WeightsInfo {
  const {bytes, sha256} = digests;
  const known = accepted.find((file) => isKnownBy(file, digests));
  if (known) return {sha256, verified: true, what: known.what};
  if (allowUnverified) return {sha256, verified: false, what: 'an unverified file'};
  throw new ModelIntegrityError(
    `${bytes} bytes with ${describeDigests(digests)}`,
    `weights of ${id}: ${describeAccepted(accepted)}`,
  );
}

/** Compares the best digest that is listed, so that a weak one never stands in for it. */
function isKnownBy({sha256, sha384, sha1}: AcceptedDigest, got: FileDigests): boolean {
  if (sha256 !== undefined) return got.sha256 === sha256;
  if (sha384 !== undefined) return got.sha384 === sha384;
  return sha1 !== undefined && got.sha1 === sha1;
}

/** All digests of a file, for messages. Any thread. */
export function describeDigests({sha256, sha384, sha1}: FileDigests): string {
  const others = [sha384 === undefined ? [] : `SHA-384 ${sha384}`, sha1 === undefined ? [] : `SHA-1 ${sha1}`];
  return [`SHA-256 ${sha256}`, ...others.flat()].join(', ');
}

/** One line that names every accepted file by what it is, its size and its digest. Any thread. */
export function describeAccepted(accepted: readonly AcceptedDigest[]): string {
  return accepted.map((file) => `${file.what} (${file.bytes} bytes, ${digestOf(file)})`).join(' or ');
}

function digestOf({sha256, sha384, sha1}: AcceptedDigest): string {
  if (sha256 !== undefined) return `SHA-256 ${sha256}`;
  return sha384 === undefined ? `SHA-1 ${sha1 ?? 'unknown'}` : `SHA-384 ${sha384}`;
}

/**
 * The SHA-256 of the bytes, lower-case hex. Any thread with WebCrypto.
 * @throws ModelIntegrityError where WebCrypto is missing: browsers offer it in secure contexts only.
 */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return await digestHex('SHA-256', bytes);
}
