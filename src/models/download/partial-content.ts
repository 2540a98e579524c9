import {digestInto} from '../file-digests.ts';
import {createRunningDigests, type DigestChoice, type RunningDigests} from '../running-digests.ts';
import type {PartialFile} from '../storage/model-store.ts';
import type {FileDigests} from '../verify-weights.ts';

/** A file that is not whole, and the digests of what is there, in step. Worker. */
export class PartialContent {
  readonly #partial: PartialFile;
  readonly #digests: RunningDigests;
  #isOfOneAnswer = false; // what was there came at another time

  private constructor(partial: PartialFile, digests: RunningDigests) {
    this.#partial = partial;
    this.#digests = digests;
  }

  /**
   * Reads what is there; `onPulse` is called for every piece of it.
   * @param options.expectedBytes of the whole file, where that is known.
   * @throws the signal's reason where it aborts, whatever reading throws.
   */
  static async open(
    partial: PartialFile,
    choice: DigestChoice,
    {
      expectedBytes,
      signal,
      onPulse,
    }: {
      readonly expectedBytes: number | undefined;
      readonly signal: AbortSignal;
      readonly onPulse: () => void;
    },
  ): Promise<PartialContent> {
    const digests = await createRunningDigests(choice, expectedBytes);
    await digestInto(digests, partial, {signal, onProgress: onPulse});
    return new PartialContent(partial, digests);
  }

  get bytes(): number {
    return this.#partial.sizeBytes;
  }

  get validator(): string | undefined {
    return this.#partial.validator;
  }

  /** Whether all of it came with the last answer: otherwise it may be of two versions. */
  get isOfOneAnswer(): boolean {
    return this.#isOfOneAnswer;
  }

  /** What comes from now on continues what is there. */
  resume(): void {
    this.#isOfOneAnswer = false;
  }

  /** Its first bytes, at most so many. */
  async head(length: number): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#partial.read(0, length);
  }

  async append(chunk: Uint8Array): Promise<void> {
    await this.#partial.append(chunk);
    this.#digests.update(chunk);
  }

  /** Empties it, for a file with this validator. */
  async restart(validator?: string): Promise<void> {
    await this.#partial.restart(validator);
    this.#digests.restart();
    this.#isOfOneAnswer = true;
  }

  /** The digests of what is there; only `restart` may follow. */
  async finish(): Promise<FileDigests> {
    return await this.#digests.finish();
  }

  /** Gives up what is there. */
  async discard(): Promise<void> {
    await this.#partial.discard();
  }
}
