import {RowQueue} from '../../features/row-queue.ts';
import type {TranscriptionFrontEnd} from '../transcription-system.ts';

/**
 * How an utterance's samples are brought to mean 0 and variance 1: (x − mean) / (√(variance + inRoot) + besideRoot).
 * `published-figure` is what the published error rate was measured with (Open Model Zoo's accuracy checker);
 * `transformers-2021` is transformers' rule of about 4.8, when the network was published, and `transformers` its later
 * one (shared/reference/frontends.md, section 5). Behind the first layer, which standardises again, they differ by less
 * than 1e-5 on speech: only what is all but silent (rms under about 0.001) shows any difference.
 */
export const NORMALISATIONS = {
  'published-figure': {inRoot: 0, besideRoot: 1e-15},
  'transformers-2021': {inRoot: 1e-5, besideRoot: 0},
  transformers: {inRoot: 1e-7, besideRoot: 0},
} as const;

/**
 * Samples in, the same number of rows of one value out, standardised by the mean and variance of the whole utterance:
 * they become ready at its end. One thread. Allocates as it hears more: 4 bytes a sample, twice that while it grows.
 */
export class Wav2Vec2FrontEnd implements TranscriptionFrontEnd {
  readonly featureCount = 1;
  readonly hopLength = 1;
  readonly #normalisation: (typeof NORMALISATIONS)[keyof typeof NORMALISATIONS];
  readonly #rows = new RowQueue(1);
  #isFinished = false;

  constructor(normalisation: keyof typeof NORMALISATIONS = 'published-figure') {
    this.#normalisation = NORMALISATIONS[normalisation];
  }

  push(samples: Float32Array): void {
    this.#rows.push(samples, samples.length);
  }

  finish(): void {
    const {rows} = this.#rows;
    const {inRoot, besideRoot} = this.#normalisation;
    const mean = rows.reduce((sum, sample) => sum + sample, 0) / rows.length;
    const variance = rows.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / rows.length;
    const factor = 1 / (Math.sqrt(variance + inRoot) + besideRoot);
    rows.forEach((sample, index) => {
      rows[index] = (sample - mean) * factor;
    });
    this.#isFinished = true;
  }

  readRows(out: Float32Array): number {
    return this.#isFinished ? this.#rows.shiftInto(out) : 0;
  }

  reset(): void {
    this.#rows.clear();
    this.#isFinished = false;
  }
}
