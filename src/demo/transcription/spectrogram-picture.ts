/** Loudness over time and frequency, as it is drawn: columns come in at the right and leave at the left. */
export class SpectrogramPicture {
  readonly columnCount: number;
  readonly rowCount: number;
  readonly #levels: Uint8Array; // [rowCount × columnCount], row-major; 0…255

  constructor(columnCount: number, rowCount: number) {
    this.columnCount = columnCount;
    this.rowCount = rowCount;
    this.#levels = new Uint8Array(columnCount * rowCount);
  }

  /**
   * Moves everything to the left and writes one column, as often as said; allocates nothing.
   * @param column [rowCount], 0…255.
   */
  push(column: Uint8Array, times: number): void {
    const {columnCount, rowCount} = this;
    const shift = Math.min(times, columnCount);
    // the left end of a row lands at the right end of the row above, which is written next
    this.#levels.copyWithin(0, shift);
    for (let row = 0; row < rowCount; row++) {
      const end = (row + 1) * columnCount;
      this.#levels.fill(column[row] ?? 0, end - shift, end);
    }
  }

  /** Silence everywhere. */
  clear(): void {
    this.#levels.fill(0);
  }

  /**
   * Writes the colours.
   * @param palette [256], colours of the levels.
   * @param pixels [rowCount × columnCount], overwritten.
   */
  paint(palette: Uint32Array, pixels: Uint32Array): void {
    const levels = this.#levels;
    for (let index = 0; index < levels.length; index++) pixels[index] = palette[levels[index] ?? 0] ?? 0;
  }
}
