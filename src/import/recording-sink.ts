import {createSHA256} from 'hash-wasm';
import type {FileSink, FileWriter} from '../formats/onnx/file-sink.ts';
import type {FileRecord} from './manifest.ts';

/** Passes files on to another sink, and keeps the size and digest of each. */
export class RecordingSink implements FileSink {
  readonly #sink: FileSink;
  readonly #files: FileRecord[] = [];

  constructor(sink: FileSink) {
    this.#sink = sink;
  }

  /** What was written, in the order in which the files were closed. */
  get files(): readonly FileRecord[] {
    return this.#files;
  }

  async create(path: string): Promise<FileWriter> {
    const file = await this.#sink.create(path);
    const sha256 = await createSHA256();
    let byteCount = 0;
    return {
      write: async (bytes) => {
        sha256.update(bytes);
        byteCount += bytes.length;
        await file.write(bytes);
      },
      close: async () => {
        await file.close();
        this.#files.push({path, bytes: byteCount, sha256: sha256.digest()});
      },
    };
  }
}
