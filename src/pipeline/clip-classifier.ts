import {applyMfcc, createMfcc, type Mfcc} from '../features/mfcc.ts';
import type {KeywordClassifier} from './keyword-classifier.ts';
import {toMonoAtRate, type RecordedAudio} from './recorded-audio.ts';

/**
 * Classifies whole clips by the protocol of the published figures: one window of frameCount frames from the clip's
 * first sample on (1 s), a shorter clip followed by zeros, a longer one cut; one inference, no smoothing.
 * Worker or Node. One `classify` at a time.
 */
export class ClipClassifier {
  readonly #classifier: KeywordClassifier;
  readonly #mfcc: Mfcc;
  readonly #clip: Float32Array; // the window's samples
  readonly #features: Float32Array; // [frameCount × coefficientCount]

  constructor(classifier: KeywordClassifier) {
    const {mfcc, frameCount} = classifier.system;
    this.#classifier = classifier;
    this.#mfcc = createMfcc(mfcc);
    this.#clip = new Float32Array(mfcc.windowLength + (frameCount - 1) * mfcc.hopLength);
    this.#features = new Float32Array(frameCount * mfcc.coefficientCount);
  }

  /**
   * Classifies one clip of any rate and any number of channels.
   * @param posteriors [labelCount], overwritten.
   */
  async classify(audio: RecordedAudio, posteriors: Float32Array): Promise<void> {
    const {mfcc, frameCount} = this.#classifier.system;
    const samples = toMonoAtRate(audio, mfcc.sampleRateHz).subarray(0, this.#clip.length);
    this.#clip.set(samples);
    this.#clip.fill(0, samples.length);
    for (let frame = 0; frame < frameCount; frame++) {
      const start = frame * mfcc.hopLength;
      const window = this.#clip.subarray(start, start + mfcc.windowLength);
      applyMfcc(this.#mfcc, window, this.#features, frame * mfcc.coefficientCount);
    }
    await this.#classifier.classify(this.#features, posteriors);
  }
}
