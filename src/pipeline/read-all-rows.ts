import type {TranscriptionFrontEnd} from '../systems/transcription-system.ts';

/**
 * Reads all rows of an utterance that has ended.
 * @param expectedRows how many there are, about: where there are many more, memory is taken again.
 * @returns [rowCount × featureCount], time-major. Any thread. Allocates.
 */
export function readAllRows(frontEnd: TranscriptionFrontEnd, expectedRows: number): Float32Array {
  const {featureCount} = frontEnd;
  // some more than expected: windows that are centred have one more than there are hops
  let rows = new Float32Array((Math.ceil(expectedRows) + 2) * featureCount);
  let length = 0;
  for (;;) {
    const rowCount = frontEnd.readRows(rows.subarray(length));
    if (rowCount === 0) return rows.slice(0, length);
    length += rowCount * featureCount;
    if (length < rows.length) continue;
    const longer = new Float32Array(2 * rows.length);
    longer.set(rows);
    rows = longer;
  }
}
