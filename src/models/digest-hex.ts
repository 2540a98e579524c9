import {ModelIntegrityError} from './model-integrity-error.ts';

/** What WebCrypto computes here. */
export type DigestName = 'SHA-256' | 'SHA-384' | 'SHA-1';

/** Whether this thread has WebCrypto: browsers offer it in secure contexts only. */
export function hasWebCrypto(): boolean {
  return subtleCrypto() !== undefined;
}

/**
 * A digest of the bytes, lower-case hex. Any thread with WebCrypto.
 * @throws ModelIntegrityError where that is missing.
 */
export async function digestHex(name: DigestName, bytes: Uint8Array): Promise<string> {
  const subtle = subtleCrypto();
  if (!subtle) throw new ModelIntegrityError('no WebCrypto', 'a secure context (HTTPS or localhost)');
  // Shared memory is the one kind of view that digest() refuses, and it refuses it itself with a TypeError.
  const digest = new Uint8Array(await subtle.digest(name, bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The DOM types say that it is always there. */
function subtleCrypto(): SubtleCrypto | undefined {
  return globalThis.crypto.subtle;
}
