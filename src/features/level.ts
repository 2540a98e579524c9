/** The lowest level reported: digital silence has none. */
export const LEVEL_FLOOR_DB = -120;

/**
 * Writes the root-mean-square and the peak level of some samples, in decibels relative to full scale (±1): a
 * full-scale sine has an RMS level of −3.01 dB, a full-scale square wave 0 dB.
 * @param samples [any length]; an empty one has the floor's level.
 * @param out [2]: RMS, peak; each at least {@link LEVEL_FLOOR_DB}.
 * Any thread. Sums in doubles. Allocates nothing.
 */
export function levelInto(samples: Float32Array, out: Float32Array): void {
  let energy = 0;
  let peak = 0;
  for (let index = 0; index < samples.length; index++) {
    const magnitude = Math.abs(samples[index]);
    energy += magnitude * magnitude;
    if (magnitude > peak) peak = magnitude;
  }
  const meanSquare = samples.length === 0 ? 0 : energy / samples.length;
  out[0] = Math.max(LEVEL_FLOOR_DB, 10 * Math.log10(meanSquare));
  out[1] = Math.max(LEVEL_FLOOR_DB, 20 * Math.log10(peak));
}
