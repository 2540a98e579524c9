import {mkdir, open, rename, rm, type FileHandle} from 'node:fs/promises';
import {join} from 'node:path';
import type {FileWriter} from '../formats/onnx/file-sink.ts';
import type {ImportSink} from '../import/import-checkpoint.ts';
import {MANIFEST_FILE} from '../import/manifest.ts';

/** Writes an imported network into a folder, which is made where there is none. */
export class FolderSink implements ImportSink {
  readonly #folder: string;
  readonly #open = new Map<string, FileHandle>(); // by the name that the file will have
  readonly #begun: string[] = [];
  #made: string | undefined; // the uppermost folder that was not there before

  constructor(folder: string) {
    this.#folder = folder;
  }

  async create(path: string): Promise<FileWriter> {
    this.#made ??= await mkdir(this.#folder, {recursive: true});
    const handle = await open(this.#partOf(path), 'w');
    this.#begun.push(path);
    this.#open.set(path, handle);
    return {
      write: (bytes) => handle.writeFile(bytes),
      close: async () => {
        this.#open.delete(path);
        await handle.close();
      },
    };
  }

  /** An older manifest goes first, so that no manifest ever stands beside files of which it does not speak. */
  async commit(): Promise<void> {
    await rm(join(this.#folder, MANIFEST_FILE), {force: true});
    for (const path of this.#begun) await rename(this.#partOf(path), join(this.#folder, path));
  }

  async discard(): Promise<void> {
    for (const handle of this.#open.values()) await handle.close();
    for (const path of this.#begun) await rm(this.#partOf(path), {force: true});
    if (this.#made !== undefined) await rm(this.#made, {recursive: true});
  }

  #partOf(path: string): string {
    return join(this.#folder, `.${path}.part`);
  }
}
