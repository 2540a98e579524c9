import {whenFree} from './file-locks.ts';
import {isNamed, type OpenFile, type StorageBackend} from './storage-backend.ts';

/** Name of the folder in the site's private file system. */
const FOLDER = 'earshot-models';

/** What a browser calls a file that another worker has open: Safari has its own name for it. */
const LOCKED = ['NoModificationAllowedError', 'InvalidStateError'];

/** Part of a StorageManager. */
export type PrivateFiles = Pick<StorageManager, 'getDirectory'>;

/** Browsers have `move` for private files, the types do not know it. */
interface FileHandle extends FileSystemFileHandle {
  move?(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
}

/**
 * Opens the site's private file system. Worker.
 * @throws TypeError where the browser lacks what is needed, DOMException where the visitor denies storage.
 */
export async function openOpfs(storage: PrivateFiles): Promise<StorageBackend> {
  const backend = new OpfsBackend(storage);
  const trial = `trial-${crypto.randomUUID()}`; // the only way to know: Firefox denies it in private windows
  await (await backend.open(trial)).close();
  await backend.remove(trial);
  return backend;
}

class OpfsBackend implements StorageBackend {
  readonly kind = 'opfs';
  readonly #storage: PrivateFiles;

  constructor(storage: PrivateFiles) {
    this.#storage = storage;
  }

  async sizes(): Promise<ReadonlyMap<string, number>> {
    const sizes = new Map<string, number>();
    for await (const name of (await this.#folder()).keys()) {
      const file = await this.#file(name);
      if (file) sizes.set(name, file.size); // not there where it was removed meanwhile
    }
    return sizes;
  }

  async read(name: string): Promise<Blob | undefined> {
    return await this.#file(name);
  }

  async open(name: string): Promise<OpenFile> {
    const folder = await this.#folder();
    const handle: FileHandle = await folder.getFileHandle(name, {create: true});
    if (!('createSyncAccessHandle' in handle) || !handle.move) {
      throw new TypeError('got a browser whose files have no createSyncAccessHandle or move, expected both');
    }
    const access = await whenFree(name, () => unlessLocked(() => handle.createSyncAccessHandle()));
    const onceFree = async (step: () => Promise<void> | undefined): Promise<void> => {
      await whenFree(name, () => unlessLocked(async () => (await step(), true)));
    };
    return new OpfsFile(access, {
      rename: async (newName) => {
        await onceFree(() => handle.move?.(folder, newName));
      },
      remove: async () => {
        await onceFree(() => folder.removeEntry(name).catch(unlessMissing));
      },
    });
  }

  async remove(name: string): Promise<boolean> {
    const isRemoved = await unlessLocked(async () => {
      await (await this.#folder()).removeEntry(name).catch(unlessMissing);
      return true;
    });
    return isRemoved ?? false;
  }

  /** Asked for each time: a folder that the browser cleared comes back, a handle of it does not. */
  async #folder(): Promise<FileSystemDirectoryHandle> {
    return await (await this.#storage.getDirectory()).getDirectoryHandle(FOLDER, {create: true});
  }

  async #file(name: string): Promise<File | undefined> {
    const handle = await (await this.#folder()).getFileHandle(name).catch(unlessMissing);
    return await handle?.getFile().catch(unlessMissing);
  }
}

/** What a file does once its access handle is closed, which takes a moment to be known. */
interface ClosedFile {
  rename(name: string): Promise<void>;
  remove(): Promise<void>;
}

/** A file whose access handle is open, which no one else can open then. */
class OpfsFile implements OpenFile {
  readonly #access: FileSystemSyncAccessHandle;
  readonly #closed: ClosedFile;
  #sizeBytes: number;

  constructor(access: FileSystemSyncAccessHandle, closed: ClosedFile) {
    this.#access = access;
    this.#closed = closed;
    this.#sizeBytes = access.getSize();
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.#sizeBytes - offset)));
    return bytes.subarray(0, this.#access.read(bytes, {at: offset}));
  }

  async append(bytes: Uint8Array): Promise<void> {
    try {
      const written = this.#access.write(bytes, {at: this.#sizeBytes});
      if (written < bytes.length) {
        throw new DOMException(
          `got ${written} bytes written, expected ${bytes.length}`,
          'QuotaExceededError',
        );
      }
      this.#sizeBytes += bytes.length;
    } catch (error) {
      this.#access.truncate(this.#sizeBytes);
      throw error;
    }
  }

  async reserve(sizeBytes: number): Promise<void> {
    if (sizeBytes <= this.#sizeBytes) return;
    try {
      this.#access.truncate(sizeBytes); // the browser counts the room, the disk writes nothing
    } finally {
      this.#access.truncate(this.#sizeBytes);
    }
  }

  async truncate(): Promise<void> {
    this.#access.truncate(0);
    this.#sizeBytes = 0;
  }

  async rename(name: string): Promise<void> {
    await this.close();
    await this.#closed.rename(name);
  }

  async remove(): Promise<void> {
    await this.close();
    await this.#closed.remove();
  }

  async close(): Promise<void> {
    this.#access.close(); // flushes; does nothing where it is closed
  }
}

/** Gives undefined where another worker has the file open. */
async function unlessLocked<Value>(step: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await step();
  } catch (error) {
    if (isNamed(error, ...LOCKED)) return undefined;
    throw error;
  }
}

/** Takes a file that is not there for none. */
function unlessMissing(error: unknown): undefined {
  if (!isNamed(error, 'NotFoundError')) throw error;
}
