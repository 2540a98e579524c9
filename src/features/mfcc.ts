import {applyDct, createDct} from './dct.ts';
import type {Dct, DctScale} from './dct.ts';
import {applyLogMel, createLogMel} from './log-mel.ts';
import type {LogMel, LogMelOptions} from './log-mel.ts';

/** Every choice of an MFCC front end; none is implied. */
export interface MfccOptions extends LogMelOptions {
  /** `htk`: √(2/melCount) on every row; `orthonormal`: row 0 divided by √2 as well. */
  readonly dct: DctScale;
  readonly coefficientCount: number;
}

/** The plan of an MFCC front end. It holds its own work space: one call at a time per plan. */
export interface Mfcc {
  readonly options: MfccOptions;
  readonly logMel: LogMel;
  readonly dct: Dct;
  readonly row: Float32Array; // [melCount] log-mel energies of the frame
}

/**
 * Plans an MFCC front end.
 * Any thread. Throws `RangeError` where an option is out of its range (got and expected).
 */
export function createMfcc(options: MfccOptions): Mfcc {
  return {
    options,
    logMel: createLogMel(options),
    dct: createDct(options.melCount, options.coefficientCount, options.dct),
    row: new Float32Array(options.melCount),
  };
}

/**
 * Writes the cepstra of one frame: its log-mel energies ({@link applyLogMel}), then the DCT.
 * @param frame [windowLength] samples −1…1.
 * @param out [≥ outOffset + coefficientCount]; written from `outOffset` on.
 * Any thread, one call at a time per plan. Allocates nothing.
 */
export function applyMfcc(mfcc: Mfcc, frame: Float32Array, out: Float32Array, outOffset: number): void {
  applyLogMel(mfcc.logMel, frame, mfcc.row);
  applyDct(mfcc.dct, mfcc.row, out, outOffset);
}
