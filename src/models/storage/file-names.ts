import {sha256Hex} from '../verify-weights.ts';

const SHA256 = /^[0-9a-f]{64}$/;
const PARTIAL = /^([0-9a-f]{64})\.part$/;

/** Whether a file of this name is a whole one: its name is its digest. */
export function isWhole(name: string): boolean {
  return SHA256.test(name);
}

/**
 * Refuses what is no digest, before it names a file.
 * @throws RangeError where this is no SHA-256 in lower-case hex.
 */
export function checkSha256(sha256: string): void {
  if (!SHA256.test(sha256)) {
    throw new RangeError(`got SHA-256 "${sha256}", expected 64 hexadecimal digits in lower case`);
  }
}

/** What the names of a partial file and its note begin with: keys may hold what names may not. */
export async function partialStem(key: string): Promise<string> {
  return await sha256Hex(new TextEncoder().encode(key));
}

/** The name of the partial file of a stem. */
export function partialName(stem: string): string {
  return `${stem}.part`;
}

/** The stem of a partial file; undefined where the name is another's. */
export function stemOfPartial(name: string): string | undefined {
  return PARTIAL.exec(name)?.[1];
}
