import {applyMfcc, createMfcc, type Mfcc} from '../features/mfcc.ts';
import type {KeywordSystem} from '../systems/keyword-system.ts';
import {toMonoAtRate, type RecordedAudio} from './recorded-audio.ts';

/**
 * The one window of a whole clip, by the protocol of the published figures: frameCount frames from the clip's first
 * sample on (1 s), a shorter clip followed by zeros, a longer one cut. Worker or Node.
 */
export class ClipFeatures {
  readonly #system: KeywordSystem;
  readonly #mfcc: Mfcc;
  readonly #clip: Float32Array; // the window's samples

  constructor(system: KeywordSystem) {
    const {mfcc, frameCount} = system;
    this.#system = system;
    this.#mfcc = createMfcc(mfcc);
    this.#clip = new Float32Array(mfcc.windowLength + (frameCount - 1) * mfcc.hopLength);
  }

  /**
   * Computes the window of one clip of any rate and any number of channels.
   * @returns [frameCount × coefficientCount], row-major, time-major, freshly allocated.
   */
  compute(audio: RecordedAudio): Float32Array {
    const {mfcc, frameCount} = this.#system;
    const samples = toMonoAtRate(audio, mfcc.sampleRateHz).subarray(0, this.#clip.length);
    this.#clip.set(samples);
    this.#clip.fill(0, samples.length);
    const features = new Float32Array(frameCount * mfcc.coefficientCount);
    for (let frame = 0; frame < frameCount; frame++) {
      const start = frame * mfcc.hopLength;
      const window = this.#clip.subarray(start, start + mfcc.windowLength);
      applyMfcc(this.#mfcc, window, features, frame * mfcc.coefficientCount);
    }
    return features;
  }
}
