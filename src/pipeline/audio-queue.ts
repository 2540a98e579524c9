import {LEVEL_FLOOR_DB, levelInto} from '../features/level.ts';
import {averageChannels} from '../frames/channel-average.ts';
import {Framer} from '../frames/framer.ts';
import {Resampler} from '../frames/resampler.ts';

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

/** What an audio queue is made of. */
export interface AudioQueueOptions {
  readonly inputRateHz: number;
  readonly modelRateHz: number;
  /** Samples in one frame, at the model's rate. */
  readonly windowLength: number;
  /** Samples from one frame to the next, at the model's rate. */
  readonly hopLength: number;
  /** Audio that may wait before the oldest is dropped. */
  readonly backlogMs: number;
  /** Told when what comes next does not continue what came before: audio was dropped or lost. */
  readonly onBreak: () => void;
}

/**
 * Device-rate samples in, frames at the model's rate out. Audio waits in one bounded ring; when that is full the oldest
 * is dropped and counted.
 * Any thread. Allocates in the constructor only.
 */
export class AudioQueue {
  readonly #modelRateHz: number;
  readonly #inputRateHz: number;
  readonly #windowLength: number;
  readonly #hopLength: number;
  readonly #onBreak: () => void;
  readonly #resampler: Resampler;
  readonly #framer: Framer;
  readonly #mono: Float32Array; // [MAX_CHUNK_SAMPLES]
  readonly #resampled: Float32Array;
  readonly #level: Float32Array; // RMS and peak, dB
  #expectedSample = 0; // device-rate index at which the next chunk should begin
  #frameEnd = 0; // model-rate index after the newest frame given out, resampler's delay included
  #droppedSamples = 0;
  #overrunSamples = 0;

  /** Throws `RangeError` where a rate or length is out of its range. */
  constructor(options: AudioQueueOptions) {
    const {inputRateHz, modelRateHz, windowLength, hopLength} = options;
    this.#modelRateHz = modelRateHz;
    this.#inputRateHz = inputRateHz;
    this.#windowLength = windowLength;
    this.#hopLength = hopLength;
    this.#onBreak = options.onBreak;
    this.#resampler = new Resampler({inputRateHz, outputRateHz: modelRateHz});
    const capacitySamples = Math.round((options.backlogMs * modelRateHz) / 1000);
    this.#framer = new Framer({windowLength, hopLength, capacitySamples});
    this.#mono = new Float32Array(MAX_CHUNK_SAMPLES);
    this.#resampled = new Float32Array(this.#resampler.maxOutputLength(MAX_CHUNK_SAMPLES));
    this.#level = new Float32Array(2).fill(LEVEL_FLOOR_DB);
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

  /** Model-rate index after the last sample of the newest frame given out, on the timeline of the input. */
  get frameEndSample(): number {
    return this.#frameEnd - this.#resampler.delaySamples;
  }

  /** Model-rate index after the newest accepted sample. */
  get newestSample(): number {
    return Math.round((this.#expectedSample * this.#modelRateHz) / this.#inputRateHz);
  }

  /** Samples of silence, input rate, that bring out everything accepted so far as whole frames. */
  get flushSamples(): number {
    const frameSamples = (this.#windowLength * this.#inputRateHz) / this.#modelRateHz;
    return Math.ceil(frameSamples) + 2 * this.#resampler.delayInputSamples;
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
   * Copies the next frame.
   * @param out [windowLength], written only where the result is true.
   * @returns false where more audio is needed first.
   */
  nextFrameInto(out: Float32Array): boolean {
    const frameEnd = this.#framer.nextFrameStart + this.#windowLength;
    if (!this.#framer.nextFrameInto(out)) return false;
    this.#frameEnd = frameEnd;
    return true;
  }

  #enqueue(count: number): void {
    const taken = this.#framer.push(this.#resampled, 0, count);
    if (taken === count) return;
    // full: whole frames make room, so that what stays is one unbroken piece
    const hopLength = this.#hopLength;
    this.#droppedSamples += hopLength * this.#framer.skipFrames(Math.ceil((count - taken) / hopLength));
    this.#onBreak();
    this.#framer.push(this.#resampled, taken, count - taken);
  }

  /** The audio thread lost samples: what follows does not continue what came before. */
  #jumpTo(firstSample: number): void {
    this.#overrunSamples += Math.max(0, firstSample - this.#expectedSample);
    this.#droppedSamples += this.#unheardSamples();
    this.#resampler.reset();
    this.#framer.reset(Math.round((firstSample * this.#modelRateHz) / this.#inputRateHz));
    this.#onBreak();
  }

  /** Samples that wait and are in no frame yet: frames overlap. */
  #unheardSamples(): number {
    const {bufferedSamples, nextFrameStart} = this.#framer;
    return bufferedSamples - Math.max(0, this.#frameEnd - nextFrameStart);
  }
}
