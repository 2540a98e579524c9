import {Framer} from './framer.ts';

/**
 * Cuts an utterance into windows around every hop-th sample, from its first on: half a window is mirrored at either
 * end, the end sample itself not repeated (librosa's `stft` with `center` and `pad_mode="reflect"`). N samples give
 * 1 + floor(N / hopLength) windows, and none where N ≤ windowLength / 2: there is too little to mirror. However the
 * utterance is split, the windows are the same.
 *
 * One thread. Allocates in the constructor only.
 */
export class CentredFramer {
  readonly #framer: Framer;
  readonly #frame: Float32Array; // [windowLength]
  readonly #onFrame: (frame: Float32Array) => void;
  /** [windowLength / 2 + 1] the newest samples, and so at first all of the utterance. */
  readonly #newest: Float32Array;
  readonly #mirrored: Float32Array; // [windowLength / 2]
  #rememberedCount = 0;

  /**
   * @param onFrame told of each window as it is complete; it must not keep the array.
   * Throws `RangeError` where a length is not a positive integer or the window has no middle.
   */
  constructor(
    {windowLength, hopLength}: {readonly windowLength: number; readonly hopLength: number},
    onFrame: (frame: Float32Array) => void,
  ) {
    if (windowLength % 2 !== 0) {
      throw new RangeError(`windowLength: got ${windowLength}, expected an even number`);
    }
    this.#framer = new Framer({windowLength, hopLength, capacitySamples: 2 * windowLength});
    this.#frame = new Float32Array(windowLength);
    this.#newest = new Float32Array(windowLength / 2 + 1);
    this.#mirrored = new Float32Array(windowLength / 2);
    this.#onFrame = onFrame;
  }

  /** Takes samples of the utterance, as many as there are. */
  push(samples: Float32Array): void {
    const missing = Math.min(samples.length, this.#newest.length - this.#rememberedCount);
    for (let index = 0; index < missing; index++)
      this.#newest[this.#rememberedCount + index] = samples[index];
    this.#rememberedCount += missing;
    if (missing > 0 && this.#rememberedCount === this.#newest.length) this.#begin();
    if (missing === samples.length) return;
    this.#forward(samples, missing);
    this.#remember(samples, missing);
  }

  /** Says that the utterance has ended: its last windows are complete now. */
  finish(): void {
    if (this.#rememberedCount < this.#newest.length) return;
    const last = this.#mirrored.length - 1;
    for (let index = 0; index <= last; index++) this.#mirrored[index] = this.#newest[last - index];
    this.#forward(this.#mirrored, 0);
  }

  /** Begins the next utterance. */
  reset(): void {
    this.#framer.reset(0);
    this.#rememberedCount = 0;
  }

  #begin(): void {
    const last = this.#newest.length - 1;
    for (let index = 0; index < last; index++) this.#mirrored[index] = this.#newest[last - index];
    this.#forward(this.#mirrored, 0);
    this.#forward(this.#newest, 0);
  }

  #forward(samples: Float32Array, firstSample: number): void {
    let next = firstSample;
    while (next < samples.length) {
      next += this.#framer.push(samples, next, samples.length - next);
      while (this.#framer.nextFrameInto(this.#frame)) this.#onFrame(this.#frame);
    }
  }

  #remember(samples: Float32Array, firstSample: number): void {
    const newest = this.#newest;
    const count = Math.min(newest.length, samples.length - firstSample);
    newest.copyWithin(0, count);
    const source = samples.length - count;
    const target = newest.length - count;
    for (let index = 0; index < count; index++) newest[target + index] = samples[source + index];
  }
}
