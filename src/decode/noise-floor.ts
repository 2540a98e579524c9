/** The window of the minimum: 6 parts of 25 frames, 1.5 s at 10 ms, longer than a breath of speech has no dip. */
const PART_COUNT = 6;
const PART_FRAMES = 25;

/**
 * The noise floor of each band: the least of its smoothed log energies over the newest 1.25 to 1.5 s. What keeps
 * sounding, a fan or a held tone, is floor after that time; speech dips to the noise between syllables.
 *
 * Minimum statistics: R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum
 * statistics", IEEE Trans. Speech and Audio Processing 9(5), 2001; the window in parts is its section VI. Its bias
 * correction is left out: whoever compares with the floor learns the offset.
 *
 * One thread. Allocates in the constructor only.
 */
export class NoiseFloor {
  /** [bandCount] the floor now; read only. */
  readonly floor: Float32Array;
  readonly #parts: Float32Array; // [PART_COUNT × bandCount] least of each whole part, ring
  readonly #current: Float32Array; // [bandCount] least of the part under way
  #partIndex = 0;
  #frameCount = 0; // of the part under way

  constructor(bandCount: number) {
    this.floor = new Float32Array(bandCount);
    this.#parts = new Float32Array(PART_COUNT * bandCount);
    this.#current = new Float32Array(bandCount);
    this.reset();
  }

  /** Takes one frame of smoothed log energies, [bandCount], and updates {@link floor}. */
  push(smoothed: Float32Array): void {
    const {floor} = this;
    const parts = this.#parts;
    const current = this.#current;
    const bandCount = floor.length;
    for (let band = 0; band < bandCount; band++) {
      if (smoothed[band] < current[band]) current[band] = smoothed[band];
      let least = current[band];
      for (let part = 0; part < PART_COUNT; part++) {
        const value = parts[part * bandCount + band];
        if (value < least) least = value;
      }
      floor[band] = least;
    }
    if (++this.#frameCount === PART_FRAMES) this.#endPart();
  }

  /** Forgets all that was heard. */
  reset(): void {
    this.#parts.fill(Infinity);
    this.#current.fill(Infinity);
    this.floor.fill(Infinity);
    this.#partIndex = 0;
    this.#frameCount = 0;
  }

  #endPart(): void {
    const current = this.#current;
    const offset = this.#partIndex * current.length;
    for (let band = 0; band < current.length; band++) this.#parts[offset + band] = current[band];
    current.fill(Infinity);
    this.#partIndex = (this.#partIndex + 1) % PART_COUNT;
    this.#frameCount = 0;
  }
}
