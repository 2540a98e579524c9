import type {MfccOptions} from '../features/mfcc.ts';

/** Step between windows where none is asked for. */
const DEFAULT_HOP_MS = 100;

/** The step between windows in frames, at least 1: the nearest to what is asked for. */
export function hopFramesOf(
  {hopLength, sampleRateHz}: Pick<MfccOptions, 'hopLength' | 'sampleRateHz'>,
  hopMs: number = DEFAULT_HOP_MS,
): number {
  return Math.max(1, Math.round((hopMs * sampleRateHz) / (1000 * hopLength)));
}
