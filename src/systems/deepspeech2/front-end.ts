import {applyLogSpectrum, createLogSpectrum, type LogSpectrum} from '../../features/log-spectrum.ts';
import {StandardisedRows, type StatisticsSteps} from '../../features/standardised-rows.ts';
import {CentredFramer} from '../../frames/centred-framer.ts';
import type {FullScale} from '../card.ts';
import type {TranscriptionFrontEnd} from '../transcription-system.ts';

const WINDOW_LENGTH = 320;
const HOP_LENGTH = 160;

/** Values in a row: bins of the spectrum, 0 to 8000 Hz. */
export const DEEPSPEECH2_FEATURE_COUNT = WINDOW_LENGTH / 2 + 1;

/**
 * What a sample of 1 counted as when a network was trained; ln(1 + |X|) makes it matter.
 *
 * `int32` is the published network's: MLPerf's loader takes torchaudio of July 2018 with its default arguments, which
 * copies libsox's samples as they are, int16 · 65536; deepspeech.pytorch began to divide by 2³¹ only after MLPerf had
 * taken its copy (shared/reference/frontends.md, section 4). `int16` differs from it by 0.007 standard deviations on
 * average, `unit` (later deepspeech.pytorch) by 0.64: that is another network's input.
 */
export const FULL_SCALES = {int32: 2 ** 31, int16: 2 ** 15, unit: 1} as const satisfies Record<
  FullScale,
  number
>;

/** How the front end's rows come about. */
export interface DeepSpeech2FrontEndOptions {
  readonly fullScale: FullScale;
  readonly steps: StatisticsSteps;
}

/**
 * Samples in, rows of 161 standardised ln(1 + |X|) out: 20 ms under a symmetric Hamming window every 10 ms, centred,
 * mirrored at the ends; less the mean and divided by the standard deviation (divisor n − 1) of all cells so far. The
 * rows of a step become ready together. Where the utterance ends before the first step does, that is exactly the
 * published recipe. Silence gives zeros, where PyTorch gives NaN.
 * 1 + floor(N / 160) rows for N samples; none where N is at most 160.
 *
 * Any thread. Allocates as it hears more: until the end of a step it keeps 644 bytes for each of its rows.
 */
export class DeepSpeech2FrontEnd implements TranscriptionFrontEnd {
  readonly featureCount = DEEPSPEECH2_FEATURE_COUNT;
  readonly hopLength = HOP_LENGTH;
  readonly #steps: StatisticsSteps;
  readonly #framer: CentredFramer;
  readonly #spectrum: LogSpectrum;
  readonly #rows: StandardisedRows;
  readonly #row = new Float32Array(DEEPSPEECH2_FEATURE_COUNT);
  #rowsUntilStep: number;

  constructor({fullScale, steps}: DeepSpeech2FrontEndOptions) {
    this.#steps = steps;
    this.#rowsUntilStep = steps.firstRows;
    this.#framer = new CentredFramer({windowLength: WINDOW_LENGTH, hopLength: HOP_LENGTH}, (frame) =>
      this.#addFrame(frame),
    );
    this.#spectrum = createLogSpectrum({
      windowLength: WINDOW_LENGTH,
      window: 'hamming-symmetric',
      fullScale: FULL_SCALES[fullScale],
    });
    this.#rows = new StandardisedRows({
      blockCount: 1,
      blockLength: DEEPSPEECH2_FEATURE_COUNT,
      divisor: 'count-less-one',
      minDeviation: 0,
    });
  }

  push(samples: Float32Array): void {
    this.#framer.push(samples);
  }

  finish(): void {
    this.#framer.finish();
    this.#rows.endStep();
  }

  readRows(out: Float32Array): number {
    return this.#rows.shiftInto(out);
  }

  reset(): void {
    this.#framer.reset();
    this.#rows.reset();
    this.#rowsUntilStep = this.#steps.firstRows;
  }

  #addFrame(frame: Float32Array): void {
    applyLogSpectrum(this.#spectrum, frame, this.#row);
    this.#rows.push(this.#row, 1);
    this.#rowsUntilStep--;
    if (this.#rowsUntilStep > 0) return;
    this.#rows.endStep();
    this.#rowsUntilStep = this.#steps.furtherRows;
  }
}
