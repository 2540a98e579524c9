const DECIBELS_PER_NEPER = 10 / Math.LN10;

/**
 * Writes energies in decibels, 10·log10, none of them below a floor.
 * @param logEnergies [n], natural logarithms of energies.
 * @param floorDb lowest value written: librosa's `power_to_db` takes the largest value of the utterance less 80.
 * @param out [≥ n], written from 0. May be `logEnergies`.
 * Any thread. Allocates nothing.
 */
export function decibelsInto(logEnergies: Float32Array, floorDb: number, out: Float32Array): void {
  for (let index = 0; index < logEnergies.length; index++) {
    out[index] = Math.max(toDecibels(logEnergies[index]), floorDb);
  }
}

/** An energy in decibels, from its natural logarithm. */
export function toDecibels(logEnergy: number): number {
  return DECIBELS_PER_NEPER * logEnergy;
}
