import {applyDct, createDct, type Dct} from '../../features/dct.ts';
import {decibelsInto, toDecibels} from '../../features/decibel.ts';
import {DeltaStream} from '../../features/delta-stream.ts';
import {applyLogMel, createLogMel, type LogMel} from '../../features/log-mel.ts';
import type {MfccOptions} from '../../features/mfcc.ts';
import {RowQueue} from '../../features/row-queue.ts';
import {StandardisedRows, type StatisticsSteps} from '../../features/standardised-rows.ts';
import {CentredFramer} from '../../frames/centred-framer.ts';
import type {TranscriptionFrontEnd} from '../transcription-system.ts';

/** The cepstra that Arm's Wav2Letter was trained with: librosa's (shared/reference/frontends.md, section 1). */
export const wav2letterMfccOptions: MfccOptions = {
  sampleRateHz: 16_000,
  windowLength: 512,
  hopLength: 160,
  fftLength: 512,
  window: 'hann-periodic',
  spectrum: 'power',
  melCount: 128,
  melScale: 'slaney',
  melMinHz: 0,
  melMaxHz: 8000,
  melNorm: 'area',
  logFloor: 1e-10,
  dct: 'orthonormal',
  coefficientCount: 13,
};

/** Energies this far below the loudest of the utterance are raised to that level (librosa's `top_db`). */
export const WAV2LETTER_TOP_DB = 80;

/** Values in a row: cepstra, slopes and curvatures. */
export const WAV2LETTER_FEATURE_COUNT = 3 * wav2letterMfccOptions.coefficientCount;

/** Slope and curvature are those of 9 rows. */
const DELTA_HALF_WIDTH = 4;

/** Below this a block is rounding noise: the slopes of silence or of a constant. The goldens have zeros there too. */
const MIN_DEVIATION = 1e-3;

/**
 * Samples in, rows [13 cepstra | 13 slopes | 13 curvatures] out, each block of 13 standardised as a whole. The rows of
 * a step become ready together, with the statistics, and the loudest energy, of the utterance up to there. Where the
 * utterance ends before the first step does, that is exactly the published recipe.
 * One row for every 160 samples; none for an utterance shorter than 1280 samples (80 ms), which has no slopes.
 *
 * Any thread. Allocates as it hears more: until the end of a step it keeps 512 bytes for each of its rows.
 */
export class Wav2LetterFrontEnd implements TranscriptionFrontEnd {
  readonly featureCount = WAV2LETTER_FEATURE_COUNT;
  readonly hopLength = wav2letterMfccOptions.hopLength;
  readonly #steps: StatisticsSteps;
  readonly #framer: CentredFramer;
  readonly #logMel: LogMel;
  readonly #dct: Dct;
  readonly #deltas: DeltaStream;
  readonly #energies: RowQueue; // of the step under way
  readonly #rows: StandardisedRows;
  readonly #energyRow: Float32Array; // [melCount]
  readonly #cepstra: Float32Array; // [coefficientCount]
  readonly #featureRows: Float32Array; // [maxRows × featureCount]
  #peak = -Infinity; // largest log-mel energy so far
  #rowsUntilStep: number;

  constructor(steps: StatisticsSteps) {
    const {melCount, coefficientCount, dct} = wav2letterMfccOptions;
    this.#steps = steps;
    this.#rowsUntilStep = steps.firstRows + DELTA_HALF_WIDTH;
    this.#framer = new CentredFramer(wav2letterMfccOptions, (frame) => this.#addFrame(frame));
    this.#logMel = createLogMel(wav2letterMfccOptions);
    this.#dct = createDct(melCount, coefficientCount, dct);
    this.#deltas = new DeltaStream(DELTA_HALF_WIDTH, coefficientCount);
    this.#rows = new StandardisedRows({
      blockCount: 3,
      blockLength: coefficientCount,
      divisor: 'count',
      minDeviation: MIN_DEVIATION,
    });
    this.#energies = new RowQueue(melCount);
    this.#energyRow = new Float32Array(melCount);
    this.#cepstra = new Float32Array(coefficientCount);
    this.#featureRows = new Float32Array(this.#deltas.maxRows * this.featureCount);
  }

  push(samples: Float32Array): void {
    this.#framer.push(samples);
  }

  finish(): void {
    this.#framer.finish();
    this.#makeRows();
    this.#rows.push(this.#featureRows, this.#deltas.finish(this.#featureRows));
    this.#rows.endStep();
  }

  readRows(out: Float32Array): number {
    return this.#rows.shiftInto(out);
  }

  reset(): void {
    this.#framer.reset();
    this.#deltas.reset();
    this.#rows.reset();
    this.#energies.clear();
    this.#peak = -Infinity;
    this.#rowsUntilStep = this.#steps.firstRows + DELTA_HALF_WIDTH;
  }

  #addFrame(frame: Float32Array): void {
    applyLogMel(this.#logMel, frame, this.#energyRow);
    this.#peak = this.#energyRow.reduce((peak, energy) => Math.max(peak, energy), this.#peak);
    this.#energies.push(this.#energyRow, 1);
    this.#rowsUntilStep--;
    if (this.#rowsUntilStep > 0) return;
    this.#makeRows();
    this.#rows.endStep();
    this.#rowsUntilStep = this.#steps.furtherRows;
  }

  /** Turns the energies of the step into rows, all but those whose slopes need what follows. */
  #makeRows(): void {
    const floorDb = toDecibels(this.#peak) - WAV2LETTER_TOP_DB;
    while (this.#energies.shiftInto(this.#energyRow) > 0) {
      decibelsInto(this.#energyRow, floorDb, this.#energyRow);
      applyDct(this.#dct, this.#energyRow, this.#cepstra, 0);
      this.#rows.push(this.#featureRows, this.#deltas.push(this.#cepstra, this.#featureRows));
    }
  }
}
