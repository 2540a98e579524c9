import {applyMfcc, createMfcc, type Mfcc} from '../features/mfcc.ts';
import type {KeywordSystem} from '../systems/keyword-system.ts';
import {AudioQueue, type PlanarAudio} from './audio-queue.ts';
import {FeatureWindow} from './feature-window.ts';

/** Audio that may wait for inference before the oldest is dropped: twice the window of the keyword models. */
const BACKLOG_MS = 2000;

/**
 * Device-rate samples in, windows of features out: queue → frame → MFCC. A hop computes its new frames only.
 * Any thread. Allocates in the constructor only.
 */
export class FeatureStream {
  readonly audio: AudioQueue;
  readonly #mfcc: Mfcc;
  readonly #window: FeatureWindow;
  readonly #frame: Float32Array; // [windowLength]
  readonly #onFrame: (frame: Float32Array, frameEndSample: number) => void;
  #frameCount = 0; // frames computed since it began
  #newFrameCount = 0; // frames computed since the last window was given out

  /** @param onFrame told of each frame's samples and of the index after them, on the timeline of the input. */
  constructor(
    system: KeywordSystem,
    inputRateHz: number,
    onFrame: (frame: Float32Array, frameEndSample: number) => void = () => undefined,
  ) {
    this.#onFrame = onFrame;
    const {sampleRateHz, windowLength, hopLength, coefficientCount} = system.mfcc;
    this.audio = new AudioQueue({
      inputRateHz,
      modelRateHz: sampleRateHz,
      windowLength,
      hopLength,
      backlogMs: BACKLOG_MS,
      onBreak: () => {
        this.#window.reset();
        this.#newFrameCount = 0;
      },
    });
    this.#mfcc = createMfcc(system.mfcc);
    this.#window = new FeatureWindow(system.frameCount, coefficientCount);
    this.#frame = new Float32Array(windowLength);
  }

  /** Model-rate index after the last sample of the newest computed frame, on the timeline of the input. */
  get windowEndSample(): number {
    return this.audio.frameEndSample;
  }

  /**
   * Index of the newest computed frame among all that were computed. After a gap a window is of new frames alone, so that
   * windows on either side of one are a whole window apart at least.
   */
  get newestFrame(): number {
    return this.#frameCount - 1;
  }

  /** As {@link AudioQueue.accept}. */
  accept(audio: PlanarAudio, firstSample: number): void {
    this.audio.accept(audio, firstSample);
  }

  /**
   * Computes waiting frames until `hopFrames` new ones are there and writes the window that ends with them.
   * @param out [frameCount × coefficientCount], time-major; written only where the result is true.
   * @returns false where more audio is needed first.
   */
  nextWindowInto(out: Float32Array, hopFrames: number): boolean {
    while (this.#newFrameCount < hopFrames || !this.#window.isFull) {
      if (!this.audio.nextFrameInto(this.#frame)) return false;
      applyMfcc(this.#mfcc, this.#frame, this.#window.rows, this.#window.nextRowOffset());
      this.#frameCount++;
      this.#newFrameCount++;
      this.#onFrame(this.#frame, this.windowEndSample);
    }
    this.#window.copyInto(out);
    this.#newFrameCount = 0;
    return true;
  }
}
