import type {AcceptedDigest} from '../systems/card.ts';
import {hasWebCrypto} from './digest-hex.ts';
import {GatheredDigests} from './gathered-digests.ts';
import type {FileDigests} from './verify-weights.ts';

/** Digests to compute beside the SHA-256. */
export interface DigestChoice {
  /** Default false. */
  readonly withSha384?: boolean | undefined;
  /** Default false. */
  readonly withSha1?: boolean | undefined;
}

/** The digests by which a file could be known: of one that is accepted by its SHA-256 no other is computed. */
export function choiceFor(accepted: readonly AcceptedDigest[]): DigestChoice {
  const others = accepted.filter(({sha256}) => sha256 === undefined);
  return {
    withSha384: others.some(({sha384}) => sha384 !== undefined),
    withSha1: others.some(({sha384, sha1}) => sha384 === undefined && sha1 !== undefined),
  };
}

/** Digests of a file whose bytes come one piece after the other. Any thread; made by `createRunningDigests`. */
export interface RunningDigests {
  /** Bytes that it was given so far. */
  readonly bytes: number;
  update(piece: Uint8Array): void;
  /** Forgets what it was given. */
  restart(): void;
  /** Of all that it was given; only `restart` may follow. */
  finish(): Promise<FileDigests>;
}

/**
 * Up to this size a file is digested as a whole: WebCrypto, which needs all of it in memory, is at hand, and the code that
 * digests pieces is 16 kB compressed, which a page that spots keywords need not fetch for 0.2 MB of weights.
 */
const SMALL_BYTES = 16 * 1024 * 1024;

/**
 * Digests of nothing yet. Any thread.
 * @param expectedBytes of the file, where that is known.
 */
export async function createRunningDigests(
  choice: DigestChoice = {},
  expectedBytes = Infinity,
): Promise<RunningDigests> {
  if (expectedBytes <= SMALL_BYTES && hasWebCrypto()) return new GatheredDigests(choice);
  const {HashedDigests} = await import('./hashed-digests.ts');
  return await HashedDigests.create(choice);
}
