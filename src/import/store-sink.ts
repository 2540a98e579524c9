import type {FileWriter} from '../formats/onnx/file-sink.ts';
import type {ModelStore, PartialFile} from '../models/storage/model-store.ts';
import {sha256Hex} from '../models/verify-weights.ts';
import type {ImportSink} from './import-checkpoint.ts';
import {markOf, unfinishedKey, type ImportOrigin} from './import-origin.ts';
import {removeOtherVersions} from './kept-import.ts';
import {MANIFEST_FILE} from './manifest.ts';
import {readManifest} from './read-manifest.ts';

/** Writes an imported network into the store, where `readKeptImport` finds it on the next visit. Worker. */
export class StoreSink implements ImportSink {
  readonly #store: ModelStore;
  readonly #origin: ImportOrigin;
  readonly #systemId: string;
  readonly #open = new Map<string, PartialFile>();
  readonly #files = new Map<string, Blob>();

  /** @param systemId of the network, by which files are found that were not written to their end. */
  constructor(store: ModelStore, origin: ImportOrigin, systemId: string) {
    this.#store = store;
    this.#origin = origin;
    this.#systemId = systemId;
  }

  /** The files that were committed. */
  get files(): ReadonlyMap<string, Blob> {
    return this.#files;
  }

  async create(path: string): Promise<FileWriter> {
    const partial = await this.#store.openPartial(unfinishedKey(this.#systemId, this.#origin, path));
    this.#open.set(path, partial);
    await partial.restart(); // an import that was cut off is begun again
    return {
      write: (bytes) => partial.append(bytes),
      close: () => Promise.resolve(), // its digest comes with the manifest
    };
  }

  async commit(): Promise<void> {
    const bytes = await readWhole(this.#partial(MANIFEST_FILE));
    const {files} = readManifest(new TextDecoder().decode(bytes));
    // the manifest is last: who finds it finds all
    for (const {path, sha256} of [...files, {path: MANIFEST_FILE, sha256: await sha256Hex(bytes)}]) {
      const entry = {sha256, name: path, systemId: this.#systemId, madeFrom: markOf(this.#origin)};
      this.#files.set(path, await this.#partial(path).commit(entry));
      this.#open.delete(path);
    }
    await removeOtherVersions(this.#store, this.#origin);
  }

  async discard(): Promise<void> {
    for (const partial of this.#open.values()) await partial.discard();
    this.#open.clear();
  }

  #partial(path: string): PartialFile {
    const partial = this.#open.get(path);
    if (partial) return partial;
    throw new RangeError(`got ${[...this.#open.keys()].join(', ')} written, expected ${path} too`);
  }
}

async function readWhole(partial: PartialFile): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let offset = 0; offset < partial.sizeBytes; offset += pieces.at(-1)?.length ?? 0) {
    pieces.push(await partial.read(offset, partial.sizeBytes - offset));
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
