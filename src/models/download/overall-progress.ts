/** How far the downloads of several files are, as one. */
export interface OverallNumbers {
  /** Bytes that are there, of the files that are downloaded. */
  readonly loadedBytes: number;
  /** Bytes of all of them; 0 as long as that of one is not known. */
  readonly totalBytes: number;
  /** What came over the network lately, bytes per second; what was there before does not count. */
  readonly bytesPerSecond: number;
}

/** How to tell of progress. */
export interface OverallOptions {
  readonly onProgress: (numbers: OverallNumbers) => void;
  /** The time, milliseconds. Default `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** A file that is downloaded. */
interface FileState {
  loadedBytes: number;
  totalBytes: number;
  hasBegun: boolean;
}

/** The rate is that of so long: shorter and it jumps, longer and it tells of what has passed. */
const RATE_WINDOW_MS = 5000;

/** More often nobody sees; what comes within it is counted as one. */
const STEP_MS = 50;

/** One truthful number over several downloads. Any thread. */
export class OverallProgress {
  readonly #files = new Map<string, FileState>();
  readonly #onProgress: OverallOptions['onProgress'];
  readonly #now: () => number;
  /** When something came, and how much: the newest last. */
  #arrivals: {readonly atMs: number; bytes: number}[] = [];
  #begunMs: number | undefined;
  #toldMs = -Infinity;

  /** @param files those that are missing: what is found stored is no download. */
  constructor(
    files: readonly {readonly name: string; readonly bytes?: number | undefined}[],
    {onProgress, now = () => performance.now()}: OverallOptions,
  ) {
    for (const {name, bytes = 0} of files) {
      this.#files.set(name, {loadedBytes: 0, totalBytes: bytes, hasBegun: false});
    }
    this.#onProgress = onProgress;
    this.#now = now;
  }

  /** What the download of a file is to tell: bytes that are there, and of the whole, 0 where unknown. */
  of(name: string): (loadedBytes: number, totalBytes: number) => void {
    const file = this.#files.get(name);
    if (!file) throw new RangeError(`got "${name}", expected one of: ${[...this.#files.keys()].join(', ')}`);
    return (loadedBytes, totalBytes) => {
      this.#begunMs ??= this.#now();
      // what is there at first came on another visit
      if (file.hasBegun) this.#count(loadedBytes - file.loadedBytes);
      file.hasBegun = true;
      file.loadedBytes = loadedBytes;
      if (totalBytes > 0) file.totalBytes = totalBytes;
      this.#tell();
    };
  }

  /** Takes out a file that needs no download after all, because another tab has stored it. */
  found(name: string): void {
    this.#files.delete(name);
    this.#tell();
  }

  get numbers(): OverallNumbers {
    const files = [...this.#files.values()];
    const isKnown = files.every(({totalBytes}) => totalBytes > 0);
    return {
      loadedBytes: files.reduce((sum, {loadedBytes}) => sum + loadedBytes, 0),
      totalBytes: isKnown ? files.reduce((sum, {totalBytes}) => sum + totalBytes, 0) : 0,
      bytesPerSecond: this.#rate(),
    };
  }

  #count(bytes: number): void {
    if (bytes <= 0) return; // fewer: a file began anew
    const atMs = this.#now();
    const last = this.#arrivals.at(-1);
    if (last && atMs - last.atMs < STEP_MS) last.bytes += bytes;
    else this.#arrivals.push({atMs, bytes});
    this.#arrivals = this.#arrivals.filter((arrival) => atMs - arrival.atMs < RATE_WINDOW_MS);
  }

  #rate(): number {
    const nowMs = this.#now();
    const windowMs = Math.min(RATE_WINDOW_MS, nowMs - (this.#begunMs ?? nowMs));
    const lately = this.#arrivals.filter(({atMs}) => nowMs - atMs < RATE_WINDOW_MS);
    const bytes = lately.reduce((sum, arrival) => sum + arrival.bytes, 0);
    return windowMs > 0 ? (bytes * 1000) / windowMs : 0;
  }

  #tell(): void {
    const nowMs = this.#now();
    const isWhole = [...this.#files.values()].every(
      ({loadedBytes, totalBytes}) => loadedBytes === totalBytes,
    );
    if (nowMs - this.#toldMs < STEP_MS && !isWhole) return;
    this.#toldMs = nowMs;
    this.#onProgress(this.numbers);
  }
}
