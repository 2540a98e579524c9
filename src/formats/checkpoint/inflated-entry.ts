import {ModelFormatError} from '../../graph/model-format-error.ts';
import {piecesOf} from '../audio-source.ts';
import type {SizedRandomAccess} from '../random-access.ts';
import {printable} from './pickle-values.ts';
import type {ZipEntry} from './zip-directory.ts';

/** A deflated file of a ZIP as a stream of its bytes. */
export class InflatedEntry {
  /** Errors where the data do not inflate, or not to the size that the ZIP says; then {@link failure} says why. */
  readonly stream: ReadableStream<Uint8Array>;
  /** A ModelFormatError, or what reading the file rejected with. */
  failure: unknown;
  readonly #entry: ZipEntry;
  #count = 0;

  /** @param stored the deflated bytes. */
  constructor(stored: SizedRandomAccess, entry: ZipEntry) {
    this.#entry = entry;
    const inflated = this.#streamOf(stored).pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    this.stream = new ReadableStream({
      pull: async (controller) => {
        const {done, value} = await inflated.read().catch((error: unknown) => this.#failInflating(error));
        this.#checkCount(value?.length ?? 0, done);
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => inflated.cancel(reason),
    });
  }

  #streamOf(stored: SizedRandomAccess): ReadableStream<Uint8Array<ArrayBuffer>> {
    const pieces = piecesOf(stored);
    return new ReadableStream({
      pull: async (controller) => {
        const {done, value} = await pieces.next().catch((error: unknown) => this.#fail(error));
        if (done === true) controller.close();
        else controller.enqueue(value as Uint8Array<ArrayBuffer>);
      },
    });
  }

  #checkCount(byteCount: number, isEnd: boolean): void {
    const {name, sizeBytes} = this.#entry;
    this.#count += byteCount;
    if (isEnd ? this.#count === sizeBytes : this.#count <= sizeBytes) return;
    const got = `${this.#count} bytes${isEnd ? '' : ' or more'} inflated from ${printable(name)}`;
    this.#fail(new ModelFormatError(got, `${sizeBytes} as the ZIP says`));
  }

  #failInflating(error: unknown): never {
    const got = `${printable(this.#entry.name)} that does not inflate (${String(error)})`;
    this.#fail(new ModelFormatError(got, 'deflated data'));
  }

  /** The first failure is the cause of the others. */
  #fail(error: unknown): never {
    this.failure ??= error;
    throw this.failure;
  }
}
