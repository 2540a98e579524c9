/** What a {@link WordSpanFinder} is made of; lengths in samples at the model rate. */
export interface WordSpanFinderOptions {
  readonly windowLength: number;
  readonly hopLength: number;
  /** Frames remembered: longer than the longest word and the detector's delay together. */
  readonly frameCount: number;
}

/** Where a word is, samples at the model rate. */
export interface WordSpan {
  readonly startSample: number;
  readonly endSample: number;
}

/** A frame belongs to a word when it is no further below the loudest one: weak final consonants are. */
const BELOW_PEAK_DB = 30;
/** … and stands out of the background, the 10th percentile of what is remembered, by this much. */
const ABOVE_FLOOR_DB = 8;
/** Quiet frames within a word, at most 140 ms: the closure of the p in "stop" lasts about 60 to 100. */
const MAX_GAP_MS = 140;
/** A span of less is a click, a span of more is not one word. */
const MIN_WORD_MS = 60;
const MAX_WORD_MS = 1100;

/**
 * Remembers how loud the newest frames were, and finds the stretch of sound that a detection belongs to. A network
 * tells that a word was there; the loudness tells where, to about a frame, the same way for every network.
 * One thread. Allocates in the constructor and for the span it returns.
 */
export class WordSpanFinder {
  readonly #options: WordSpanFinderOptions;
  readonly #levels: Float32Array; // [frameCount] dB, ring
  readonly #sorted: Float32Array; // [frameCount] scratch
  readonly #frameMs: number;
  #count = 0; // frames pushed since the last reset
  #lastFrameEnd = 0;

  constructor(options: WordSpanFinderOptions & {readonly sampleRateHz: number}) {
    this.#options = options;
    this.#levels = new Float32Array(options.frameCount);
    this.#sorted = new Float32Array(options.frameCount);
    this.#frameMs = (options.hopLength * 1000) / options.sampleRateHz;
  }

  /** Takes the loudness of one frame, dB, and the index after its last sample. A jump forgets what came before. */
  push(levelDb: number, frameEndSample: number): void {
    if (Math.abs(frameEndSample - this.#lastFrameEnd - this.#options.hopLength) > 1) this.#count = 0;
    this.#levels[this.#count % this.#options.frameCount] = levelDb;
    this.#lastFrameEnd = frameEndSample;
    this.#count++;
  }

  /**
   * The newest stretch of sound that began no later than `latestStartSample`; its end is the newest frame's where it
   * still goes on. Undefined where no stretch is as long as a word, or all is one stretch, as in running speech or
   * loud noise.
   */
  find(latestStartSample: number): WordSpan | undefined {
    const threshold = this.#threshold();
    const maxGap = Math.round(MAX_GAP_MS / this.#frameMs);
    const oldest = Math.max(0, this.#count - this.#options.frameCount);
    let frame = this.#count - 1;
    while (frame >= oldest) {
      if (!(this.#level(frame) > threshold)) {
        frame--;
        continue;
      }
      const last = frame;
      let first = frame;
      for (; frame >= oldest && first - frame <= maxGap; frame--)
        if (this.#level(frame) > threshold) first = frame;
      const durationMs = (last - first + 1) * this.#frameMs;
      if (durationMs < MIN_WORD_MS || this.#startOf(first) > latestStartSample) continue;
      if (durationMs > MAX_WORD_MS) return undefined;
      return {startSample: this.#startOf(first), endSample: this.#startOf(last + 1)};
    }
    return undefined;
  }

  #level(frame: number): number {
    return this.#levels[frame % this.#options.frameCount];
  }

  /** Frames overlap: each stands for one hop around its middle. */
  #startOf(frame: number): number {
    const {windowLength, hopLength} = this.#options;
    const frameEnd = this.#lastFrameEnd - (this.#count - 1 - frame) * hopLength;
    return Math.max(0, frameEnd - (windowLength + hopLength) / 2);
  }

  #threshold(): number {
    const count = Math.min(this.#count, this.#options.frameCount);
    const sorted = this.#sorted.subarray(0, count);
    for (let index = 0; index < count; index++) sorted[index] = this.#levels[index];
    sorted.sort();
    const floor = sorted[Math.floor(count / 10)];
    return Math.max(floor + ABOVE_FLOOR_DB, sorted[count - 1] - BELOW_PEAK_DB);
  }
}
