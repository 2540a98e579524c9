/** A site's private file system in memory: what `navigator.storage` of a worker is asked for. */
export class FakePrivateFiles {
  /** What is in each file, by its name: tests may take something away, as a browser does that needs room. */
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  quotaBytes = 1e9;
  readonly #locked = new Set<string>();

  /** Ends the workers that have files open: what they wrote stays. */
  killWorkers(): void {
    this.#locked.clear();
  }

  async estimate(): Promise<StorageEstimate> {
    return {usage: this.#usedBytes, quota: this.quotaBytes};
  }

  async persisted(): Promise<boolean> {
    return true;
  }

  async getDirectory(): Promise<FileSystemDirectoryHandle> {
    const folder = {
      getDirectoryHandle: async () => folder,
      keys: () => this.files.keys(),
      getFileHandle: async (name: string, {create = false} = {}) => {
        if (create && !this.files.has(name)) this.files.set(name, new Uint8Array());
        this.#contentOf(name);
        return this.#fileHandle(name);
      },
      removeEntry: async (name: string) => {
        this.#contentOf(name);
        this.#checkFree(name);
        this.files.delete(name);
      },
    };
    return folder as unknown as FileSystemDirectoryHandle;
  }

  get #usedBytes(): number {
    return [...this.files.values()].reduce((sum, {length}) => sum + length, 0);
  }

  #fileHandle(name: string): object {
    return {
      getFile: async () => new File([this.#contentOf(name)], name),
      createSyncAccessHandle: async () => {
        this.#checkFree(name);
        this.#locked.add(name);
        return this.#accessHandle(name);
      },
      move: async (_folder: unknown, newName: string) => {
        this.#checkFree(name);
        this.files.set(newName, this.#contentOf(name));
        this.files.delete(name);
      },
    };
  }

  /** Like a browser's, it writes as much as there is room for, and says how much that was. */
  #accessHandle(name: string): object {
    return {
      getSize: () => this.#contentOf(name).length,
      read: (into: Uint8Array, {at}: {at: number}) => {
        const bytes = this.#contentOf(name).subarray(at, at + into.length);
        into.set(bytes);
        return bytes.length;
      },
      write: (bytes: Uint8Array, {at}: {at: number}) => {
        const fitting = bytes.subarray(0, this.quotaBytes - this.#usedBytes);
        const content = new Uint8Array(at + fitting.length);
        content.set(this.#contentOf(name));
        content.set(fitting, at);
        this.files.set(name, content);
        return fitting.length;
      },
      truncate: (length: number) => {
        const content = this.#contentOf(name);
        if (length - content.length > this.quotaBytes - this.#usedBytes) {
          throw new DOMException('No room.', 'QuotaExceededError');
        }
        this.files.set(name, content.slice(0, length));
      },
      close: () => this.#locked.delete(name),
    };
  }

  #contentOf(name: string): Uint8Array<ArrayBuffer> {
    const content = this.files.get(name);
    if (!content) throw new DOMException(`no ${name}`, 'NotFoundError');
    return content;
  }

  #checkFree(name: string): void {
    if (this.#locked.has(name)) throw new DOMException(`${name} is open`, 'NoModificationAllowedError');
  }
}
