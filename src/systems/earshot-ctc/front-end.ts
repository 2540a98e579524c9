import {applyLogMel, createLogMel, type LogMel, type LogMelOptions} from '../../features/log-mel.ts';
import {RowQueue} from '../../features/row-queue.ts';
import {Framer} from '../../frames/framer.ts';
import type {TranscriptionFrontEnd} from '../transcription-system.ts';

/**
 * Log-mel energies above the floor, ln(max(energy, logFloor) / logFloor): 0 is silence, so that zeros which fill up a
 * window are silence too. Without statistics of the utterance: row r is that of the windowLength samples from
 * r · hopLength on, and is ready with the last of them. What is left at the end is too short for a row.
 * One thread. Allocates where more rows wait than ever before.
 */
export class LogMelFrontEnd implements TranscriptionFrontEnd {
  readonly featureCount: number;
  readonly hopLength: number;
  readonly #logMel: LogMel;
  readonly #logOfFloor: number;
  readonly #framer: Framer;
  readonly #frame: Float32Array; // [windowLength]
  readonly #row: Float32Array; // [featureCount]
  readonly #ready: RowQueue;

  /** @throws RangeError where an option is out of its range. */
  constructor(options: LogMelOptions) {
    const {windowLength, hopLength, melCount, logFloor} = options;
    this.featureCount = melCount;
    this.hopLength = hopLength;
    this.#logMel = createLogMel(options);
    this.#logOfFloor = Math.fround(Math.log(logFloor)); // as a row holds it, so that silence is exactly 0
    this.#framer = new Framer({windowLength, hopLength, capacitySamples: 2 * windowLength});
    this.#frame = new Float32Array(windowLength);
    this.#row = new Float32Array(melCount);
    this.#ready = new RowQueue(melCount);
  }

  push(samples: Float32Array): void {
    let next = 0;
    while (next < samples.length) {
      next += this.#framer.push(samples, next, samples.length - next);
      while (this.#framer.nextFrameInto(this.#frame)) this.#addRow();
    }
  }

  /** Nothing: no row waits for what comes after it. */
  finish(): void {}

  readRows(out: Float32Array): number {
    return this.#ready.shiftInto(out);
  }

  reset(): void {
    this.#framer.reset(0);
    this.#ready.clear();
  }

  #addRow(): void {
    const row = this.#row;
    applyLogMel(this.#logMel, this.#frame, row);
    const logOfFloor = this.#logOfFloor;
    for (let mel = 0; mel < row.length; mel++) row[mel] = (row[mel] ?? 0) - logOfFloor;
    this.#ready.push(row, 1);
  }
}
