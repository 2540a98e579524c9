import type {ModelFile} from '../model-file.ts';
import {ModelIntegrityError} from '../model-integrity-error.ts';
import {describeAccepted, verifyDigests, type FileDigests, type WeightsInfo} from '../verify-weights.ts';
import type {PartialContent} from './partial-content.ts';

/** What is taken beside what the file's card accepts. */
export interface TakenFiles {
  /** Whether a file is taken that its card does not accept. Default false. */
  readonly allowUnverified?: boolean | undefined;
  /** Most bytes of a file whose size nobody knows. Default: no limit but the storage's. */
  readonly maxBytes?: number | undefined;
}

/** A whole file, and what it is known as. */
export type KnownFile = FileDigests & WeightsInfo;

/** Enough to tell a page from a model. */
const HEAD_BYTES = 512;

/** What a file must be, to be kept. */
export class Expectation {
  /** Sizes that it may have; any where there are none. */
  readonly sizes: readonly number[];
  readonly #file: ModelFile;
  readonly #allowUnverified: boolean;
  readonly #maxBytes: number;

  constructor(file: ModelFile, {allowUnverified = false, maxBytes = Infinity}: TakenFiles) {
    const {accepted, bytes} = file;
    this.#file = file;
    this.#allowUnverified = allowUnverified || accepted.length === 0;
    if (accepted.length > 0) this.sizes = allowUnverified ? [] : accepted.map((known) => known.bytes);
    else this.sizes = bytes === undefined ? [] : [bytes];
    this.#maxBytes = this.sizes.length > 0 ? Math.max(...this.sizes) : maxBytes;
  }

  /** Whether its digest decides whether it is taken, so that pieces of two versions never pass. */
  get isPinned(): boolean {
    return !this.#allowUnverified;
  }

  /** No file has fewer bytes; 0 where that is not known. */
  get leastBytes(): number {
    return this.sizes.length > 0 ? Math.min(...this.sizes) : 0;
  }

  /** Bytes of the whole file, as far as they are known before it comes. */
  get totalBytes(): number | undefined {
    return this.#file.bytes ?? this.sizes[0];
  }

  /**
   * Refuses an answer by what its head says, before anything of it is kept.
   * @param totalBytes of the file, where the head says so.
   * @throws ModelIntegrityError where it is a page, or a file of another size.
   */
  checkHead({headers}: Pick<Response, 'headers'>, totalBytes: number | undefined, from: string): void {
    if (/^text\/html\b/i.test(headers.get('content-type') ?? '')) throw this.#refusal('an HTML page', from);
    if (totalBytes === undefined) return;
    const fits = this.sizes.length === 0 || this.sizes.includes(totalBytes);
    if (!fits) throw this.#refusal(`a file of ${totalBytes} bytes`, from);
    this.checkLength(totalBytes, from);
  }

  /** Whether there may be more behind so many bytes. */
  mayContinue(bytes: number): boolean {
    return bytes < this.#maxBytes;
  }

  /** @throws ModelIntegrityError where a file has more bytes than any that is taken. */
  checkLength(bytes: number, from: string): void {
    if (bytes > this.#maxBytes) throw this.#refusal(`${bytes} bytes and more`, from);
  }

  /**
   * Compares the whole file with what is accepted.
   * @throws ModelIntegrityError where it is another.
   */
  async checkWhole(content: PartialContent, from: string): Promise<KnownFile> {
    if (await isPage(content)) throw this.#refusal('an HTML page', from);
    const {name, accepted} = this.#file;
    const digests = await content.finish();
    const fits = this.sizes.length === 0 || this.sizes.includes(digests.bytes);
    try {
      const pinned = {id: name, accepted: fits ? accepted : []};
      return {
        ...digests,
        ...verifyDigests(pinned, digests, {allowUnverified: fits && this.#allowUnverified}),
      };
    } catch (error) {
      throw error instanceof ModelIntegrityError ? this.#refusal(error.got, from) : error;
    }
  }

  #refusal(got: string, from: string): ModelIntegrityError {
    const {name, accepted} = this.#file;
    if (accepted.length > 0)
      return new ModelIntegrityError(`${got} from ${from}`, `${name}: ${describeAccepted(accepted)}`);
    const size = Number.isFinite(this.#maxBytes)
      ? `, of ${this.sizes.length > 0 ? '' : 'at most '}${this.#maxBytes} bytes`
      : '';
    return new ModelIntegrityError(`${got} from ${from}`, `the file ${name}${size}`);
  }
}

/** Whether it is a page, which some servers give with status 200, and by any type, for whatever they do not have. */
async function isPage(content: PartialContent): Promise<boolean> {
  const head = new TextDecoder('latin1').decode(await content.head(HEAD_BYTES));
  return /^\s*(<!doctype html|<html)\b/i.test(head);
}
