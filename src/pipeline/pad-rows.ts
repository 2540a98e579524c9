import type {WindowPlan} from '../systems/transcription-system.ts';

/**
 * Fills an utterance up to what {@link planWindows} asks for: to one window as the plan says, then to a multiple of
 * the factor with zeros. Works on the numbers that the network reads, as the published evaluation of Wav2Letter does:
 * a zero is int8 0 where the input is quantised, not its zero point.
 * @param rows [frameCount × featureCount], row-major; the first `rowCount` rows are the utterance.
 * Any thread. Allocates nothing.
 */
export function padRows(
  rows: Int8Array | Float32Array,
  rowCount: number,
  {windowFrames, padding = 'zeros'}: WindowPlan,
  featureCount: number,
): void {
  const repeatsRows = padding === 'last-two-rows' && rowCount >= 2;
  const repeatedEnd = repeatsRows ? Math.max(rowCount, windowFrames) : rowCount;
  for (let row = rowCount; row < repeatedEnd; row++) {
    rows.copyWithin(row * featureCount, (row - 2) * featureCount, (row - 1) * featureCount);
  }
  rows.fill(0, repeatedEnd * featureCount);
}
