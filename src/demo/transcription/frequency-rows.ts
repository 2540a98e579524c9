/** Which bins of a spectrum each row of the picture shows: rows from high to low, evenly spaced on the mel scale. */
export interface FrequencyRows {
  readonly rowCount: number;
  readonly first: Uint16Array; // [rowCount] first bin
  readonly end: Uint16Array; // [rowCount] the bin after the last, above `first`
}

/** What a spectrum is like, and what is shown of it. */
export interface FrequencyRowsOptions {
  readonly rowCount: number;
  /** Upper edge of the topmost row, Hz. */
  readonly topHz: number;
  /** Width of one bin, Hz; bin 0 lies at 0 Hz. */
  readonly binHz: number;
  readonly binCount: number;
}

/** Plans the rows. Each shows one bin at least, so that low rows repeat one another. */
export function createFrequencyRows({rowCount, topHz, binHz, binCount}: FrequencyRowsOptions): FrequencyRows {
  const first = new Uint16Array(rowCount);
  const end = new Uint16Array(rowCount);
  const topMel = melOf(topHz);
  const binAt = (edge: number): number => Math.round(hzOf((topMel * edge) / rowCount) / binHz);
  for (let row = 0; row < rowCount; row++) {
    first[row] = Math.min(binCount - 1, binAt(rowCount - row - 1));
    end[row] = Math.min(binCount, Math.max((first[row] ?? 0) + 1, binAt(rowCount - row)));
  }
  return {rowCount, first, end};
}

/**
 * Writes the loudest bin of each row.
 * @param bins [binCount], loudness.
 * @param column [rowCount], overwritten.
 */
export function fillColumn(rows: FrequencyRows, bins: Uint8Array, column: Uint8Array): void {
  const {rowCount, first, end} = rows;
  for (let row = 0; row < rowCount; row++) {
    let loudest = 0;
    const endBin = end[row] ?? 0;
    for (let bin = first[row] ?? 0; bin < endBin; bin++) loudest = Math.max(loudest, bins[bin] ?? 0);
    column[row] = loudest;
  }
}

// O'Shaughnessy's formula, the mel scale of HTK
function melOf(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700);
}

function hzOf(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}
