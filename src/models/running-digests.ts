import {createSHA1, createSHA256, createSHA384, type IHasher} from 'hash-wasm';
import type {AcceptedDigest} from '../systems/card.ts';
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

/**
 * Digests of a file whose bytes come one piece after the other; WebCrypto would need all of it in memory. Any thread.
 * Made by `createRunningDigests`.
 */
export class RunningDigests {
  readonly #sha256: IHasher;
  readonly #sha384: IHasher | undefined;
  readonly #sha1: IHasher | undefined;
  #bytes = 0;

  constructor(sha256: IHasher, sha384?: IHasher, sha1?: IHasher) {
    this.#sha256 = sha256;
    this.#sha384 = sha384;
    this.#sha1 = sha1;
  }

  /** Bytes that it was given so far. */
  get bytes(): number {
    return this.#bytes;
  }

  update(piece: Uint8Array): void {
    for (const hasher of this.#hashers()) hasher.update(piece);
    this.#bytes += piece.length;
  }

  /** Forgets what it was given. */
  restart(): void {
    for (const hasher of this.#hashers()) hasher.init();
    this.#bytes = 0;
  }

  /** Of all that it was given; only `restart` may follow. */
  finish(): FileDigests {
    return {
      bytes: this.#bytes,
      sha256: this.#sha256.digest(),
      sha384: this.#sha384?.digest(),
      sha1: this.#sha1?.digest(),
    };
  }

  #hashers(): readonly IHasher[] {
    return [this.#sha256, this.#sha384, this.#sha1].filter((hasher) => hasher !== undefined);
  }
}

/** Digests of nothing yet. */
export async function createRunningDigests({
  withSha384 = false,
  withSha1 = false,
}: DigestChoice = {}): Promise<RunningDigests> {
  return new RunningDigests(
    await createSHA256(),
    withSha384 ? await createSHA384() : undefined,
    withSha1 ? await createSHA1() : undefined,
  );
}
