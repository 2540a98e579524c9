import {digestHex} from './digest-hex.ts';
import type {DigestChoice, RunningDigests} from './running-digests.ts';
import type {FileDigests} from './verify-weights.ts';

/** Digests of a small file: its pieces are kept, and digested as a whole by WebCrypto. Any thread that has that. */
export class GatheredDigests implements RunningDigests {
  readonly #choice: DigestChoice;
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

  constructor(choice: DigestChoice) {
    this.#choice = choice;
  }

  get bytes(): number {
    return this.#bytes;
  }

  update(piece: Uint8Array): void {
    this.#pieces.push(Uint8Array.from(piece)); // the caller may use its memory again
    this.#bytes += piece.length;
  }

  restart(): void {
    this.#pieces = [];
    this.#bytes = 0;
  }

  async finish(): Promise<FileDigests> {
    const {withSha384 = false, withSha1 = false} = this.#choice;
    const bytes = new Uint8Array(await new Blob(this.#pieces).arrayBuffer());
    return {
      bytes: this.#bytes,
      sha256: await digestHex('SHA-256', bytes),
      sha384: withSha384 ? await digestHex('SHA-384', bytes) : undefined,
      sha1: withSha1 ? await digestHex('SHA-1', bytes) : undefined,
    };
  }
}
