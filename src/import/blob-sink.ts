import type {FileWriter} from '../formats/onnx/file-sink.ts';
import type {ImportSink} from './import-checkpoint.ts';

/** Keeps written files as Blobs, which a browser moves out of the worker's memory. Worker or Node. */
export class BlobSink implements ImportSink {
  readonly #files = new Map<string, Blob>();

  /** The files that were closed. */
  get files(): ReadonlyMap<string, Blob> {
    return this.#files;
  }

  create(path: string): Promise<FileWriter> {
    const pieces: Blob[] = [];
    return Promise.resolve({
      write: (bytes) => {
        pieces.push(new Blob([bytes as Uint8Array<ArrayBuffer>])); // never shared memory: a Blob copies what it is given
        return Promise.resolve();
      },
      close: () => {
        this.#files.set(path, new Blob(pieces));
        return Promise.resolve();
      },
    });
  }

  commit(): Promise<void> {
    return Promise.resolve(); // nobody sees them but who holds the sink
  }

  discard(): Promise<void> {
    this.#files.clear();
    return Promise.resolve();
  }
}
