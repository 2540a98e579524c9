import {SpeechError} from '../../protocol/speech-error.ts';
import {checkSha256} from './file-names.ts';
import type {FileEntry, PartialFile} from './model-store.ts';
import {tryNote, writeNote, type PartialNote} from './notes.ts';
import {writeWithin, type Need} from './room.ts';
import {isNamed, type OpenFile, type StorageBackend} from './storage-backend.ts';

/** Where a partial file lies, and what is known of it. */
export interface PartialPlace {
  readonly backend: StorageBackend;
  readonly stem: string;
  readonly file: OpenFile;
  readonly note: PartialNote;
  readonly listRemovable: Need['listRemovable'];
  /** A whole file that is there already. */
  readonly find: (sha256: string) => Promise<Blob | undefined>;
  readonly now: () => number;
}

/** A partial file of a backend, with its note beside it. */
export class BackedPartialFile implements PartialFile {
  readonly #place: PartialPlace;
  readonly #file: OpenFile;
  #note: PartialNote;

  constructor(place: PartialPlace) {
    this.#place = place;
    this.#file = place.file;
    this.#note = place.note;
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes;
  }

  get validator(): string | undefined {
    return this.#note.validator;
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#file.read(offset, length);
  }

  async append(chunk: Uint8Array): Promise<void> {
    const missingBytes = (this.#note.expectedBytes ?? 0) - this.sizeBytes;
    await this.#within(() => this.#file.append(chunk), Math.max(chunk.length, missingBytes));
  }

  async restart(validator?: string): Promise<void> {
    const {backend, stem} = this.#place;
    await this.#file.truncate(); // first, so that the note never says more than there is
    this.#note = {...this.#note, validator};
    await this.#within(() => writeNote(backend, stem, '.part.json', this.#note), 0);
  }

  async commit(entry: FileEntry): Promise<Blob> {
    checkSha256(entry.sha256);
    const {find} = this.#place;
    const there = await find(entry.sha256);
    if (there) {
      await this.discard();
      return there;
    }
    await this.#becomeWhole(entry);
    const whole = await find(entry.sha256);
    if (whole) return whole;
    throw new SpeechError('internal', `got nothing for ${entry.name}, expected what was stored a moment ago`);
  }

  async discard(): Promise<void> {
    const {backend, stem} = this.#place;
    await this.#file.remove();
    await backend.remove(`${stem}.part.json`);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #becomeWhole({sha256, ...entry}: FileEntry): Promise<void> {
    const {backend, stem, now} = this.#place;
    const bytes = this.sizeBytes;
    try {
      await this.#within(() => this.#file.rename(sha256), bytes);
    } catch (error) {
      if (!isNamed(error, 'NotFoundError')) throw error; // else another worker was a moment earlier
    }
    await tryNote(backend, sha256, '.json', {...entry, bytes, storedAt: now()});
    await backend.remove(`${stem}.part.json`);
  }

  async #within<Value>(step: () => Promise<Value>, neededBytes: number): Promise<Value> {
    return await writeWithin(step, {neededBytes, listRemovable: this.#place.listRemovable});
  }
}
