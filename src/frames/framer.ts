/** What a {@link Framer} is made of; all counts in samples. */
export interface FramerOptions {
  readonly windowLength: number;
  readonly hopLength: number;
  /** Samples held at most, at least windowLength. */
  readonly capacitySamples: number;
}

/**
 * Cuts a stream of samples into overlapping windows: a ring that is pushed any number of samples and gives every
 * window that is complete. However the stream is split, the windows are the same.
 *
 * One thread, the one that made it. Allocates in the constructor only; `push` neither throws nor grows.
 */
export class Framer {
  readonly #windowLength: number;
  readonly #hopLength: number;
  readonly #ring: Float32Array;
  #readIndex = 0;
  #bufferedSamples = 0;
  #nextFrameStart = 0;
  /** Samples yet to come that no window covers: a hop longer than the window jumps over them. */
  #gapSamples = 0;

  /** Throws `RangeError` where a length is not a positive integer or the window does not fit the capacity. */
  constructor(options: FramerOptions) {
    const {windowLength, hopLength, capacitySamples} = options;
    checkLength('windowLength', windowLength, 1);
    checkLength('hopLength', hopLength, 1);
    checkLength('capacitySamples', capacitySamples, windowLength);
    this.#windowLength = windowLength;
    this.#hopLength = hopLength;
    this.#ring = new Float32Array(capacitySamples);
  }

  /** Index, on the pushed timeline, of the next window's first sample. */
  get nextFrameStart(): number {
    return this.#nextFrameStart;
  }

  /** Samples held that a coming window may still need. */
  get bufferedSamples(): number {
    return this.#bufferedSamples;
  }

  /**
   * Takes samples[offset … offset + count), as many as there is room for, and gives how many it took. The caller
   * takes windows out and pushes the rest, or drops it and says so with {@link reset}.
   */
  push(samples: Float32Array, offset: number, count: number): number {
    const ring = this.#ring;
    const capacity = ring.length;
    const skipped = Math.min(count, this.#gapSamples);
    this.#gapSamples -= skipped;
    const stored = Math.min(count - skipped, capacity - this.#bufferedSamples);
    let write = this.#readIndex + this.#bufferedSamples;
    if (write >= capacity) write -= capacity;
    const first = offset + skipped;
    const beforeWrap = Math.min(stored, capacity - write);
    for (let index = 0; index < beforeWrap; index++) ring[write + index] = samples[first + index];
    for (let index = beforeWrap; index < stored; index++) ring[index - beforeWrap] = samples[first + index];
    this.#bufferedSamples += stored;
    return skipped + stored;
  }

  /**
   * Copies the next window to `out` and advances by one hop; gives false, and does nothing, where the window is
   * not complete yet.
   * @param out [≥ windowLength], written from 0.
   */
  nextFrameInto(out: Float32Array): boolean {
    const windowLength = this.#windowLength;
    if (this.#bufferedSamples < windowLength) return false;
    const ring = this.#ring;
    const read = this.#readIndex;
    const beforeWrap = Math.min(windowLength, ring.length - read);
    for (let index = 0; index < beforeWrap; index++) out[index] = ring[read + index];
    for (let index = beforeWrap; index < windowLength; index++) out[index] = ring[index - beforeWrap];
    this.#advance();
    return true;
  }

  /** Advances past up to `count` complete windows without copying them, and gives how many it passed. */
  skipFrames(count: number): number {
    let skipped = 0;
    while (skipped < count && this.#bufferedSamples >= this.#windowLength) {
      this.#advance();
      skipped++;
    }
    return skipped;
  }

  /** Forgets all samples; the next one pushed has the index `startSample` and begins the next window. */
  reset(startSample: number): void {
    this.#readIndex = 0;
    this.#bufferedSamples = 0;
    this.#gapSamples = 0;
    this.#nextFrameStart = startSample;
  }

  #advance(): void {
    const dropped = Math.min(this.#hopLength, this.#bufferedSamples);
    this.#gapSamples = this.#hopLength - dropped;
    this.#bufferedSamples -= dropped;
    this.#readIndex += dropped;
    if (this.#readIndex >= this.#ring.length) this.#readIndex -= this.#ring.length;
    this.#nextFrameStart += this.#hopLength;
  }
}

function checkLength(name: string, got: number, minimum: number): void {
  if (!Number.isInteger(got) || got < minimum) {
    throw new RangeError(`${name}: got ${got}, expected an integer of at least ${minimum}`);
  }
}
