import {whenFree, type TryLock} from './file-locks.ts';
import type {KeyedBlobs} from './keyed-blobs.ts';
import type {StoreKind} from './model-store.ts';
import {isNamed, type OpenFile, type StorageBackend} from './storage-backend.ts';

/** Bytes that are gathered before they are put away: what a killed worker loses at most. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** A part of a file; pieces are never changed, and no two workers make the same one. */
interface Piece {
  readonly id: string;
  readonly bytes: number;
}

type Pieces = readonly Piece[];

/**
 * Files for storage that cannot append: each is a list of pieces. A piece is on its file's list before it is put away,
 * so a list may end in pieces that are missing, and a piece that is on no list is rubbish. Worker.
 */
export class PiecesBackend implements StorageBackend {
  readonly kind: StoreKind;
  readonly #blobs: KeyedBlobs;
  readonly #tryLock: TryLock;

  constructor(kind: StoreKind, blobs: KeyedBlobs, tryLock: TryLock) {
    this.kind = kind;
    this.#blobs = blobs;
    this.#tryLock = tryLock;
  }

  async sizes(): Promise<ReadonlyMap<string, number>> {
    const keys = new Set(await this.#blobs.keys());
    const names = [...keys].filter((key) => key.startsWith(LIST)).map((key) => key.slice(LIST.length));
    const lists = await Promise.all(names.map(async (name) => await this.#list(name, keys)));
    return new Map(names.map((name, index) => [name, sizeOf(lists[index] ?? [])]));
  }

  async read(name: string): Promise<Blob | undefined> {
    const keys = new Set(await this.#blobs.keys());
    if (!keys.has(LIST + name)) return undefined;
    const pieces = await this.#list(name, keys);
    return new Blob(await Promise.all(pieces.map(async (piece) => await this.#piece(piece))));
  }

  async open(name: string): Promise<OpenFile> {
    const unlock = await whenFree(name, () => this.#tryLock(name));
    try {
      const pieces = await this.#list(name, new Set(await this.#blobs.keys()));
      await this.#setList(name, pieces);
      return new PiecesFile(pieces, this.#keeper(name, unlock));
    } catch (error) {
      unlock();
      throw error;
    }
  }

  async remove(name: string): Promise<boolean> {
    const unlock = await this.#tryLock(name);
    if (!unlock) return false;
    await this.#remove(name).finally(unlock);
    return true;
  }

  #keeper(name: string, unlock: () => void): PieceKeeper {
    return {
      read: async (piece) => await this.#piece(piece),
      add: async (list, piece, data) => {
        await this.#setList(name, [...list, piece]);
        await this.#blobs.set(PIECE + piece.id, data);
      },
      clear: async () => {
        await this.#setList(name, []);
        await this.#sweep();
      },
      rename: async (newName, list) => {
        await this.#setList(newName, list);
        await this.#remove(name);
      },
      remove: async () => {
        await this.#remove(name);
      },
      unlock,
    };
  }

  async #remove(name: string): Promise<void> {
    await this.#blobs.delete(LIST + name);
    await this.#sweep();
  }

  /** The pieces of a file up to the first that is missing. */
  async #list(name: string, keys: ReadonlySet<string>): Promise<Pieces> {
    const text = await (await this.#blobs.get(LIST + name))?.text();
    const pieces = text === undefined ? [] : (JSON.parse(text) as Pieces);
    const missing = pieces.findIndex(({id}) => !keys.has(PIECE + id));
    return missing < 0 ? pieces : pieces.slice(0, missing);
  }

  async #setList(name: string, pieces: Pieces): Promise<void> {
    await this.#blobs.set(LIST + name, new Blob([JSON.stringify(pieces)]));
  }

  async #piece({id}: Piece): Promise<Blob> {
    return (await this.#blobs.get(PIECE + id)) ?? new Blob(); // cleared a moment ago: the file is too short then
  }

  /** Removes the pieces that are on no list. */
  async #sweep(): Promise<void> {
    const keys = new Set(await this.#blobs.keys());
    const lists = [...keys].filter((key) => key.startsWith(LIST));
    const pieces = await Promise.all(
      lists.map(async (key) => await this.#list(key.slice(LIST.length), keys)),
    );
    const listed = new Set(pieces.flat().map(({id}) => PIECE + id));
    for (const key of keys) {
      if (key.startsWith(PIECE) && !listed.has(key)) await this.#blobs.delete(key);
    }
  }
}

/** How the keys of lists and of pieces begin. */
const LIST = 'file-';
const PIECE = 'piece-';

function sizeOf(pieces: Pieces): number {
  return pieces.reduce((sum, {bytes}) => sum + bytes, 0);
}

/** What a file does with its pieces. */
interface PieceKeeper {
  read(piece: Piece): Promise<Blob>;
  add(pieces: Pieces, piece: Piece, data: Blob): Promise<void>;
  clear(): Promise<void>;
  rename(name: string, pieces: Pieces): Promise<void>;
  remove(): Promise<void>;
  readonly unlock: () => void;
}

/** A file that is open: the pieces that are put away, and the bytes of the next. */
class PiecesFile implements OpenFile {
  readonly #keeper: PieceKeeper;
  #pieces: Pieces;
  #gathered: Uint8Array<ArrayBuffer>[] = [];
  #gatheredBytes = 0;

  constructor(pieces: Pieces, keeper: PieceKeeper) {
    this.#pieces = pieces;
    this.#keeper = keeper;
  }

  get sizeBytes(): number {
    return sizeOf(this.#pieces) + this.#gatheredBytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    let start = 0;
    for (const piece of this.#pieces) {
      if (offset < start + piece.bytes)
        return await slice(await this.#keeper.read(piece), offset - start, length);
      start += piece.bytes;
    }
    return await slice(new Blob(this.#gathered), offset - start, length);
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#gathered.push(Uint8Array.from(bytes));
    this.#gatheredBytes += bytes.length;
    if (this.#gatheredBytes < PIECE_BYTES) return;
    try {
      await this.#putAway();
    } catch (error) {
      this.#gathered.pop();
      this.#gatheredBytes -= bytes.length;
      throw error;
    }
  }

  async reserve(): Promise<void> {
    // a cache tells only once it is full
  }

  async truncate(): Promise<void> {
    [this.#pieces, this.#gathered, this.#gatheredBytes] = [[], [], 0];
    await this.#keeper.clear();
  }

  async rename(name: string): Promise<void> {
    await this.#putAway();
    await this.#keeper.rename(name, this.#pieces);
    this.#keeper.unlock();
  }

  async remove(): Promise<void> {
    [this.#pieces, this.#gathered, this.#gatheredBytes] = [[], [], 0];
    await this.#keeper.remove().finally(this.#keeper.unlock);
  }

  async close(): Promise<void> {
    try {
      await this.#putAway();
    } catch (error) {
      if (!isNamed(error, 'QuotaExceededError')) throw error; // then these bytes are to be had again
    } finally {
      this.#keeper.unlock();
    }
  }

  async #putAway(): Promise<void> {
    if (this.#gatheredBytes === 0) return;
    const piece = {id: crypto.randomUUID(), bytes: this.#gatheredBytes};
    await this.#keeper.add(this.#pieces, piece, new Blob(this.#gathered));
    this.#pieces = [...this.#pieces, piece];
    [this.#gathered, this.#gatheredBytes] = [[], 0];
  }
}

async function slice(blob: Blob, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
}
