import {AudioFormatError} from './audio-format-error.ts';

/** The samples of a whole audio file. */
export interface DecodedAudio {
  readonly sampleRateHz: number;
  /** One array per channel, all of one length; full scale is [−1, 1), float files may go beyond. */
  readonly channels: readonly Float32Array[];
  /**
   * Samples per channel that the header promises and the file does not hold: 0 for a whole file and for a streamed
   * one that states no length. A cut file is read as far as it goes, as players do; callers say so to the user.
   */
  readonly missingSamples: number;
}

/** Rates outside are not speech recordings but damaged headers. */
const MIN_RATE_HZ = 1000;
const MAX_RATE_HZ = 384_000;

/**
 * Checks that a header's rate is one that audio has.
 * @throws AudioFormatError outside 1 to 384 kHz.
 */
export function checkSampleRate(sampleRateHz: number): void {
  if (sampleRateHz >= MIN_RATE_HZ && sampleRateHz <= MAX_RATE_HZ) return;
  throw new AudioFormatError(
    `a rate of ${String(sampleRateHz)} Hz`,
    `${String(MIN_RATE_HZ)} to ${String(MAX_RATE_HZ)} Hz`,
  );
}
