import {ClipFeatures} from './clip-features.ts';
import type {KeywordClassifier} from './keyword-classifier.ts';
import type {RecordedAudio} from './recorded-audio.ts';

/**
 * Classifies whole clips by the protocol of the published figures: the one window of the clip (`ClipFeatures`), one
 * inference, no smoothing. Worker or Node. One `classify` at a time.
 */
export class ClipClassifier {
  readonly #classifier: KeywordClassifier;
  readonly #features: ClipFeatures;

  constructor(classifier: KeywordClassifier) {
    this.#classifier = classifier;
    this.#features = new ClipFeatures(classifier.system);
  }

  /**
   * Classifies one clip of any rate and any number of channels.
   * @param posteriors [labelCount], overwritten.
   */
  async classify(audio: RecordedAudio, posteriors: Float32Array): Promise<void> {
    await this.#classifier.classify(this.#features.compute(audio), posteriors);
  }
}
