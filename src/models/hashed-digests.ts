import {createSHA1, createSHA256, createSHA384, type IHasher} from 'hash-wasm';
import type {DigestChoice, RunningDigests} from './running-digests.ts';
import type {FileDigests} from './verify-weights.ts';

/** Digests of a file of any size: each piece is hashed as it comes, and none is kept. Any thread. */
export class HashedDigests implements RunningDigests {
  readonly #sha256: IHasher;
  readonly #sha384: IHasher | undefined;
  readonly #sha1: IHasher | undefined;
  #bytes = 0;

  private constructor(sha256: IHasher, sha384: IHasher | undefined, sha1: IHasher | undefined) {
    this.#sha256 = sha256;
    this.#sha384 = sha384;
    this.#sha1 = sha1;
  }

  /** Digests of nothing yet. */
  static async create({withSha384 = false, withSha1 = false}: DigestChoice): Promise<HashedDigests> {
    return new HashedDigests(
      await createSHA256(),
      withSha384 ? await createSHA384() : undefined,
      withSha1 ? await createSHA1() : undefined,
    );
  }

  get bytes(): number {
    return this.#bytes;
  }

  update(piece: Uint8Array): void {
    for (const hasher of this.#hashers()) hasher.update(piece);
    this.#bytes += piece.length;
  }

  restart(): void {
    for (const hasher of this.#hashers()) hasher.init();
    this.#bytes = 0;
  }

  finish(): Promise<FileDigests> {
    return Promise.resolve({
      bytes: this.#bytes,
      sha256: this.#sha256.digest(),
      sha384: this.#sha384?.digest(),
      sha1: this.#sha1?.digest(),
    });
  }

  #hashers(): readonly IHasher[] {
    return [this.#sha256, this.#sha384, this.#sha1].filter((hasher) => hasher !== undefined);
  }
}
