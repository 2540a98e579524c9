/** A reading this much behind the estimate means that the audio stood still: a suspended page, a lost device. */
const STANDSTILL_MS = 500;

/**
 * Where the audio timeline is at this moment, estimated between the readings that events bring. Readings come late,
 * never early, so the earliest one seen sets the clock.
 */
export class AudioClock {
  #offsetMs = -Infinity; // audio time − page time

  /** Takes a reading: an event with this audio time arrived at this page time. */
  observe(audioTimeMs: number, pageTimeMs: number): void {
    const offsetMs = audioTimeMs - pageTimeMs;
    const isStandstill = offsetMs < this.#offsetMs - STANDSTILL_MS;
    if (isStandstill || offsetMs > this.#offsetMs) this.#offsetMs = offsetMs;
  }

  /** The audio time at a page time; 0 before the first reading. */
  at(pageTimeMs: number): number {
    return Number.isFinite(this.#offsetMs) ? pageTimeMs + this.#offsetMs : 0;
  }

  /** Forgets all readings. */
  reset(): void {
    this.#offsetMs = -Infinity;
  }
}
