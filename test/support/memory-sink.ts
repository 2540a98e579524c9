import type {FileSink} from '../../src/formats/onnx/file-sink.ts';

/** Keeps written files in memory, for tests. */
export class MemorySink implements FileSink {
  /** The files that were closed, in order. */
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();

  create(path: string): ReturnType<FileSink['create']> {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    return Promise.resolve({
      write: async (bytes) => {
        await Promise.resolve();
        pieces.push(new Uint8Array(bytes));
      },
      close: async () => {
        this.files.set(path, new Uint8Array(await new Blob(pieces).arrayBuffer()));
      },
    });
  }

  /** @throws Error where no such file was closed. */
  file(path: string): Uint8Array<ArrayBuffer> {
    const bytes = this.files.get(path);
    if (!bytes) throw new Error(`got files ${[...this.files.keys()].join(', ')}, expected ${path}`);
    return bytes;
  }
}
