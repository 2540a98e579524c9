import type {PartialFile} from '../../src/models/storage/model-store.ts';

/** A partial file in memory, which tells what became of it. */
export class MemoryPartial implements PartialFile {
  #bytes: Uint8Array<ArrayBuffer>;
  validator: string | undefined;
  /** Open until one of the three. */
  state: 'open' | 'committed' | 'discarded' | 'closed' = 'open';

  constructor(bytes: Uint8Array = new Uint8Array(), validator?: string) {
    this.#bytes = Uint8Array.from(bytes);
    this.validator = validator;
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes.slice(offset, offset + length);
  }

  async append(chunk: Uint8Array): Promise<void> {
    const joined = new Uint8Array(this.#bytes.length + chunk.length);
    joined.set(this.#bytes);
    joined.set(chunk, this.#bytes.length);
    this.#bytes = joined;
  }

  async restart(validator?: string): Promise<void> {
    this.#bytes = new Uint8Array();
    this.validator = validator;
  }

  async commit(): Promise<Blob> {
    this.state = 'committed';
    return new Blob([this.#bytes]);
  }

  async discard(): Promise<void> {
    await this.restart();
    this.state = 'discarded';
  }

  async close(): Promise<void> {
    this.state = 'closed';
  }
}
