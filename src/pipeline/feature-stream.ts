import {LEVEL_FLOOR_DB, levelInto} from '../features/level.ts';
import {applyMfcc, createMfcc, type Mfcc} from '../features/mfcc.ts';
import {averageChannels} from '../frames/channel-average.ts';
import {Framer} from '../frames/framer.ts';
import {Resampler} from '../frames/resampler.ts';
import type {KeywordSystem} from '../systems/keyword-system.ts';
import {FeatureWindow} from './feature-window.ts';

/** Audio that may wait for inference before the oldest is dropped: twice the window of the keyword models. */
const BACKLOG_MS = 2000;
/** Samples per channel that one chunk may have, so that the scratch buffers stay fixed. */
export const MAX_CHUNK_SAMPLES = 4096;

/** One chunk of audio as it was captured. */
export interface PlanarAudio {
  readonly samples: Float32Array; // [≥ channelCount × stride], channel after channel
  /** From one channel's first sample to the next one's; at most MAX_CHUNK_SAMPLES. */
  readonly stride: number;
  readonly channelCount: number;
  /** Valid samples per channel, at most `stride`. */
  readonly sampleCount: number;
}

/**
 * Device-rate samples in, windows of features out: resample → frame → MFCC. Audio waits in one bounded ring; when
 * that is full the oldest is dropped and counted. A hop computes its new frames only.
 * Any thread. Allocates in the constructor only.
 */
export class FeatureStream {
  readonly #modelRateHz: number;
  readonly #inputRateHz: number;
  readonly #windowLength: number;
  readonly #hopLength: number;
  readonly #resampler: Resampler;
  readonly #framer: Framer;
  readonly #mfcc: Mfcc;
  readonly #window: FeatureWindow;
  readonly #mono: Float32Array; // [MAX_CHUNK_SAMPLES]
  readonly #resampled: Float32Array;
  readonly #level: Float32Array; // RMS and peak, dB
  readonly #frame: Float32Array; // [windowLength]
  readonly #onFrame: (frame: Float32Array, frameEndSample: number) => void;
  #expectedSample = 0; // device-rate index at which the next chunk should begin
  #newFrameCount = 0; // frames computed since the last window was given out
  #windowEnd = 0; // model-rate index after the newest computed frame, resampler's delay included
  #droppedSamples = 0;
  #overrunSamples = 0;

  /** @param onFrame told of each frame's samples and of the index after them, on the timeline of the input. */
  constructor(
    system: KeywordSystem,
    inputRateHz: number,
    onFrame: (frame: Float32Array, frameEndSample: number) => void = () => undefined,
  ) {
    this.#onFrame = onFrame;
    const {sampleRateHz, windowLength, hopLength, coefficientCount} = system.mfcc;
    this.#modelRateHz = sampleRateHz;
    this.#inputRateHz = inputRateHz;
    this.#windowLength = windowLength;
    this.#hopLength = hopLength;
    this.#resampler = new Resampler({inputRateHz, outputRateHz: sampleRateHz});
    const capacitySamples = Math.round((BACKLOG_MS * sampleRateHz) / 1000);
    this.#framer = new Framer({windowLength, hopLength, capacitySamples});
    this.#mfcc = createMfcc(system.mfcc);
    this.#window = new FeatureWindow(system.frameCount, coefficientCount);
    this.#mono = new Float32Array(MAX_CHUNK_SAMPLES);
    this.#resampled = new Float32Array(this.#resampler.maxOutputLength(MAX_CHUNK_SAMPLES));
    this.#level = new Float32Array(2).fill(LEVEL_FLOOR_DB);
    this.#frame = new Float32Array(windowLength);
  }

  /** Samples dropped unheard, because inference was late or an overrun cut them off; model rate. */
  get droppedSamples(): number {
    return this.#droppedSamples;
  }

  /** Samples missing between chunks because the audio thread had no buffer; device rate. */
  get overrunSamples(): number {
    return this.#overrunSamples;
  }

  /** Samples that wait to be framed; model rate. */
  get backlogSamples(): number {
    return this.#framer.bufferedSamples;
  }

  /** Model-rate index after the last sample of the newest computed frame, on the timeline of the input. */
  get windowEndSample(): number {
    return this.#windowEnd - this.#resampler.delaySamples;
  }

  /** Model-rate index after the newest accepted sample. */
  get newestSample(): number {
    return Math.round((this.#expectedSample * this.#modelRateHz) / this.#inputRateHz);
  }

  /** RMS of the newest chunk, dB relative to full scale. */
  get levelDb(): number {
    return this.#level[0] ?? LEVEL_FLOOR_DB;
  }

  /**
   * Takes one chunk; never waits, never grows.
   * @param firstSample input-rate index of its first sample; a jump since the last chunk is counted as overrun.
   * @throws RangeError where the chunk is longer than MAX_CHUNK_SAMPLES.
   */
  accept({samples, stride, channelCount, sampleCount}: PlanarAudio, firstSample: number): void {
    if (firstSample !== this.#expectedSample) this.#jumpTo(firstSample);
    averageChannels(samples.subarray(0, channelCount * stride), channelCount, this.#mono);
    const mono = this.#mono.subarray(0, sampleCount);
    levelInto(mono, this.#level);
    this.#enqueue(this.#resampler.process(mono, this.#resampled));
    this.#expectedSample = firstSample + sampleCount;
  }

  /**
   * Computes waiting frames until `hopFrames` new ones are there and writes the window that ends with them.
   * @param out [frameCount × coefficientCount], time-major; written only where the result is true.
   * @returns false where more audio is needed first.
   */
  nextWindowInto(out: Float32Array, hopFrames: number): boolean {
    while (this.#newFrameCount < hopFrames || !this.#window.isFull) {
      const frameEnd = this.#framer.nextFrameStart + this.#windowLength;
      if (!this.#framer.nextFrameInto(this.#frame)) return false;
      applyMfcc(this.#mfcc, this.#frame, this.#window.rows, this.#window.nextRowOffset());
      this.#windowEnd = frameEnd;
      this.#newFrameCount++;
      this.#onFrame(this.#frame, this.windowEndSample);
    }
    this.#window.copyInto(out);
    this.#newFrameCount = 0;
    return true;
  }

  #enqueue(count: number): void {
    const taken = this.#framer.push(this.#resampled, 0, count);
    if (taken === count) return;
    // full: whole frames make room, so that what stays is one unbroken piece
    const hopLength = this.#hopLength;
    this.#droppedSamples += hopLength * this.#framer.skipFrames(Math.ceil((count - taken) / hopLength));
    this.#forgetFrames();
    this.#framer.push(this.#resampled, taken, count - taken);
  }

  /** The audio thread lost samples: what follows does not continue what came before. */
  #jumpTo(firstSample: number): void {
    this.#overrunSamples += Math.max(0, firstSample - this.#expectedSample);
    this.#droppedSamples += this.#unheardSamples();
    this.#resampler.reset();
    this.#framer.reset(Math.round((firstSample * this.#modelRateHz) / this.#inputRateHz));
    this.#forgetFrames();
  }

  /** Samples that wait and are in no frame yet: frames overlap. */
  #unheardSamples(): number {
    const {bufferedSamples, nextFrameStart} = this.#framer;
    return bufferedSamples - Math.max(0, this.#windowEnd - nextFrameStart);
  }

  #forgetFrames(): void {
    this.#window.reset();
    this.#newFrameCount = 0;
  }
}
