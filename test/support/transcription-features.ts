import type {TranscriptionFrontEnd} from '../../src/systems/transcription-system.ts';

/**
 * All rows of an utterance that comes in pieces.
 * @param pieceLength samples of a piece; all at once where absent.
 * @returns [rowCount × featureCount], row-major.
 */
export function computeFeatures(
  frontEnd: TranscriptionFrontEnd,
  samples: Float32Array,
  pieceLength = samples.length,
): Float32Array {
  const features: number[] = [];
  const rows = new Float32Array(7 * frontEnd.featureCount);
  const readAll = (): void => {
    for (let count = frontEnd.readRows(rows); count > 0; count = frontEnd.readRows(rows)) {
      features.push(...rows.subarray(0, count * frontEnd.featureCount));
    }
  };
  for (let start = 0; start < samples.length; start += pieceLength) {
    frontEnd.push(samples.subarray(start, start + pieceLength));
    readAll();
  }
  frontEnd.finish();
  readAll();
  return Float32Array.from(features);
}
