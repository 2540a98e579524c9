/** Loudness that shows as nothing: below it is the noise of a quiet room. dB relative to full scale. */
const FLOOR_DB = -66;

/** Loudness that shows as full: speech close to the microphone; some peaks go beyond. */
const CEILING_DB = -12;

/** How fast the reading falls when it becomes quiet, in fractions of the whole scale. Rising takes no time. */
const FALL_PER_SECOND = 1.4;

/** With reduced motion the reading changes this often at most, in steps. */
const CALM_INTERVAL_MS = 500;

/** The browser's animation frames, or a test's. */
export interface Frames {
  request(draw: (timeMs: number) => void): number;
  cancel(id: number): void;
}

/** How a meter moves. */
export interface LevelMeterOptions {
  readonly frames?: Frames;
  /** Asked before each drawing. */
  readonly isCalm?: () => boolean;
}

const browserFrames: Frames = {
  request: (draw) => requestAnimationFrame(draw),
  cancel: (id) => {
    cancelAnimationFrame(id);
  },
};

/** Whether the visitor asked for less movement. */
export function prefersReducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/**
 * Turns levels, however many, into at most one drawing per animation frame; no frames are asked for once the reading
 * has come to rest. Page thread.
 */
export class LevelMeter {
  readonly #draw: (fraction: number) => void;
  readonly #frames: Frames;
  readonly #isCalm: () => boolean;
  #frameId: number | undefined;
  #loudest = 0; // since the last drawing
  #shown = 0;
  #drawnAtMs = -Infinity;

  /** @param draw shows a reading, 0…1 of the scale. */
  constructor(draw: (fraction: number) => void, options: LevelMeterOptions = {}) {
    this.#draw = draw;
    this.#frames = options.frames ?? browserFrames;
    this.#isCalm = options.isCalm ?? prefersReducedMotion;
  }

  /** Takes the newest level, in dB relative to full scale. */
  push(levelDb: number): void {
    this.#loudest = Math.max(this.#loudest, fractionOf(levelDb));
    this.#request();
  }

  /** Shows nothing, at once. */
  reset(): void {
    if (this.#frameId !== undefined) this.#frames.cancel(this.#frameId);
    this.#frameId = undefined;
    this.#loudest = 0;
    this.#shown = 0;
    this.#drawnAtMs = -Infinity;
    this.#draw(0);
  }

  #request(): void {
    this.#frameId ??= this.#frames.request((timeMs) => {
      this.#frameId = undefined;
      this.#onFrame(timeMs);
    });
  }

  #onFrame(timeMs: number): void {
    const elapsedMs = timeMs - this.#drawnAtMs;
    const isCalm = this.#isCalm();
    if (!isCalm || elapsedMs >= CALM_INTERVAL_MS) {
      const fallen = isCalm ? 0 : this.#shown - (FALL_PER_SECOND * elapsedMs) / 1000;
      this.#shown = Math.max(this.#loudest, fallen, 0);
      this.#loudest = 0;
      this.#drawnAtMs = timeMs;
      this.#draw(this.#shown);
    }
    if (this.#shown > 0 || this.#loudest > 0) this.#request();
  }
}

function fractionOf(levelDb: number): number {
  return Math.min(1, Math.max(0, (levelDb - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
}
