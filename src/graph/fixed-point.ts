const FRACTION_BITS = 31;
const ONE = 2 ** FRACTION_BITS;

/** A positive real number as gemmlowp has it: multiplier / 2^31 · 2^exponent, the multiplier in [2^30, 2^31). */
export interface FixedPoint {
  readonly multiplier: number;
  readonly exponent: number;
}

/** The nearest fixed-point number (TFLite's `QuantizeMultiplier`); 0 where it is below what can be said. */
export function toFixedPoint(value: number): FixedPoint {
  if (value === 0) return {multiplier: 0, exponent: 0};
  let exponent = Math.floor(Math.log2(value)) + 1;
  if (value / 2 ** exponent >= 1) exponent++; // the logarithm may be rounded across a power of two
  if (value / 2 ** exponent < 0.5) exponent--;
  const multiplier = Math.round((value / 2 ** exponent) * ONE);
  if (exponent < -FRACTION_BITS) return {multiplier: 0, exponent: 0};
  return multiplier === ONE ? {multiplier: ONE / 2, exponent: exponent + 1} : {multiplier, exponent};
}
