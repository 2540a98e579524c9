/**
 * The newest samples of a stream, to be heard once more: an utterance begins before anybody notices it.
 * Any thread. Allocates in the constructor, and what it gives out.
 */
export class SampleHistory {
  readonly #ring: Float32Array;
  #end = 0; // index after the newest sample; may be below 0, by the resampler's delay
  #next = 0; // place in the ring of the next sample
  #heldCount = 0;

  /** @param capacitySamples how many samples are remembered. */
  constructor(capacitySamples: number) {
    this.#ring = new Float32Array(capacitySamples);
  }

  /** Forgets all; the next sample has this index. */
  reset(nextSample: number): void {
    this.#end = nextSample;
    this.#heldCount = 0;
  }

  /** Takes the next samples, no more than it can hold. */
  push(samples: Float32Array): void {
    const ring = this.#ring;
    const beforeWrap = Math.min(samples.length, ring.length - this.#next);
    ring.set(samples.subarray(0, beforeWrap), this.#next);
    ring.set(samples.subarray(beforeWrap), 0);
    this.#next = (this.#next + samples.length) % ring.length;
    this.#end += samples.length;
    this.#heldCount = Math.min(ring.length, this.#heldCount + samples.length);
  }

  /** The samples from this index on, or from the oldest that is held; freshly allocated. */
  since(sample: number): Float32Array {
    const ring = this.#ring;
    const count = Math.max(0, Math.min(this.#end - sample, this.#heldCount));
    const first = this.#next - count + ring.length;
    return Float32Array.from({length: count}, (_, index) => ring[(first + index) % ring.length] ?? 0);
  }
}
