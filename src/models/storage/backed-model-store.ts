import {BackedPartialFile} from './backed-partial-file.ts';
import {checkSha256, isWhole, partialName, partialStem, stemOfPartial} from './file-names.ts';
import type {
  ModelStore,
  PartialFile,
  StorageEstimate,
  StoreKind,
  StoredFile,
  StoredPartial,
} from './model-store.ts';
import {readNote, tryNote, writeNote, type PartialNote} from './notes.ts';
import {checkRoom, writeWithin, type RoomEstimate} from './room.ts';
import type {OpenFile, StorageBackend} from './storage-backend.ts';

/** What a store asks of the browser beside keeping files. */
export interface StoreOptions {
  /** Why there is no better backend, where there is none. */
  readonly reason?: string | undefined;
  /** The thread's StorageManager, where files take room that it counts. */
  readonly storage?: Pick<StorageManager, 'estimate' | 'persisted'> | undefined;
  /** The time in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Keeps models as files of a backend: a whole one under its SHA-256, a partial one under that of its key, and notes
 * beside them. A note comes after its file, so a file without one is whole all the same, and a note without a file is of
 * one that the browser has cleared: it says nothing, and is written over. Worker.
 */
export class BackedModelStore implements ModelStore {
  readonly reason: string | undefined;
  readonly #backend: StorageBackend;
  readonly #storage: StoreOptions['storage'];
  readonly #now: () => number;

  constructor(backend: StorageBackend, {reason, storage, now = Date.now}: StoreOptions = {}) {
    this.#backend = backend;
    this.reason = reason;
    this.#storage = storage;
    this.#now = now;
  }

  get kind(): StoreKind {
    return this.#backend.kind;
  }

  readonly find = async (sha256: string): Promise<Blob | undefined> => {
    checkSha256(sha256);
    const blob = await this.#backend.read(sha256);
    if (!blob) return undefined;
    const note = await readNote(this.#backend, sha256, '.json');
    if (note && note.bytes !== blob.size) {
      await this.remove(sha256); // a part of it was cleared, or lost in a crash of the machine
      return undefined;
    }
    await tryNote(this.#backend, sha256, '.used.json', {lastUsedAt: this.#now()});
    return blob;
  };

  async openPartial(key: string, expectedBytes?: number): Promise<PartialFile> {
    const stem = await partialStem(key);
    const need = {neededBytes: expectedBytes ?? 0, listRemovable: this.#listRemovable};
    const file = await writeWithin(() => this.#backend.open(partialName(stem)), need);
    try {
      const note = await this.#noteOn(file, stem, {key, expectedBytes});
      const {find} = this;
      return new BackedPartialFile({
        backend: this.#backend,
        stem,
        file,
        note,
        find,
        listRemovable: this.#listRemovable,
        now: this.#now,
      });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async list(): Promise<readonly StoredFile[]> {
    const files: StoredFile[] = [];
    for (const [name, bytes] of await this.#backend.sizes()) {
      if (!isWhole(name)) continue;
      const note = await readNote(this.#backend, name, '.json');
      if (note && note.bytes !== bytes) continue; // `find` removes it
      const use = await readNote(this.#backend, name, '.used.json');
      const storedAt = note?.storedAt ?? 0;
      files.push({name, storedAt, lastUsedAt: use?.lastUsedAt ?? storedAt, ...note, sha256: name, bytes});
    }
    return files.sort((one, other) => other.lastUsedAt - one.lastUsedAt);
  }

  async listPartials(): Promise<readonly StoredPartial[]> {
    const partials: StoredPartial[] = [];
    for (const [name, bytes] of await this.#backend.sizes()) {
      const stem = stemOfPartial(name);
      const note = stem === undefined ? undefined : await readNote(this.#backend, stem, '.part.json');
      if (note) partials.push({key: note.key, bytes, expectedBytes: note.expectedBytes});
    }
    return partials;
  }

  async remove(sha256: string): Promise<void> {
    checkSha256(sha256);
    await this.#backend.remove(sha256);
    await this.#backend.remove(`${sha256}.json`);
    await this.#backend.remove(`${sha256}.used.json`);
  }

  async removePartial(key: string): Promise<boolean> {
    const stem = await partialStem(key);
    if (!(await this.#backend.remove(partialName(stem)))) return false;
    return await this.#backend.remove(`${stem}.part.json`);
  }

  async estimate(): Promise<StorageEstimate> {
    const sizes = await this.#backend.sizes();
    const {usage, quota} = await this.#room();
    return {
      modelBytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
      usedBytes: usage,
      quotaBytes: quota,
      isPersisted: (await this.#storage?.persisted()) ?? false,
    };
  }

  /** Compares what is noted of a partial file with what it is opened for, checks the room, and notes what is new. */
  async #noteOn(
    file: OpenFile,
    stem: string,
    {key, expectedBytes}: Omit<PartialNote, 'validator'>,
  ): Promise<PartialNote> {
    const before = await readNote(this.#backend, stem, '.part.json');
    if (!before && file.sizeBytes > 0) await file.truncate(); // nobody knows any more what it is of
    const sizeBytes = Math.max(expectedBytes ?? 0, file.sizeBytes);
    const need = {neededBytes: sizeBytes - file.sizeBytes, listRemovable: this.#listRemovable};
    await checkRoom(await this.#room(), need);
    await writeWithin(() => file.reserve(sizeBytes), need); // Chromium's estimate is not what it goes by
    if (before?.expectedBytes === expectedBytes && before) return before;
    const note = {key, expectedBytes, validator: before?.validator};
    await writeWithin(() => writeNote(this.#backend, stem, '.part.json', note), need);
    return note;
  }

  async #room(): Promise<RoomEstimate> {
    return (await this.#storage?.estimate()) ?? {};
  }

  readonly #listRemovable = async (): Promise<readonly StoredFile[]> => (await this.list()).toReversed();
}
