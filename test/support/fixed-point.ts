/**
 * TFLite's own scaling of 32-bit sums, as its reference kernels and TensorFlow Lite Micro do it (gemmlowp): the real
 * multiplier becomes a 31-bit fraction and a power of two, and the product is rounded twice.
 * Source: tensorflow/lite/kernels/internal/quantization_util.cc (QuantizeMultiplier) and common.h
 * (MultiplyByQuantizedMultiplier), written from their definition.
 */
export function multiplyByQuantisedMultiplier(sum: number, multiplier: number): number {
  const {fraction, exponent} = splitMultiplier(multiplier);
  const shifted = exponent > 0 ? sum * 2 ** exponent : sum;
  const high = doublingHighMultiply(shifted, fraction);
  return exponent < 0 ? divideByPowerOfTwo(high, -exponent) : high;
}

/** multiplier = fraction · 2^(exponent − 31), fraction in [2³⁰, 2³¹). */
function splitMultiplier(multiplier: number): {fraction: number; exponent: number} {
  let exponent = 0;
  let mantissa = multiplier;
  for (; mantissa >= 1; mantissa /= 2) exponent++;
  for (; mantissa < 0.5; mantissa *= 2) exponent--;
  const fraction = Math.round(mantissa * 2 ** 31);
  return fraction === 2 ** 31 ? {fraction: 2 ** 30, exponent: exponent + 1} : {fraction, exponent};
}

/** a · b / 2³¹, rounded to nearest, halves upwards for positive products and downwards for negative ones. */
function doublingHighMultiply(a: number, b: number): number {
  const product = BigInt(a) * BigInt(b); // up to 2⁶², beyond what doubles hold exactly
  const nudge = product >= 0n ? 2n ** 30n : 1n - 2n ** 30n;
  return Number((product + nudge) / 2n ** 31n);
}

/** value / 2^exponent, rounded to nearest, halves away from zero. */
function divideByPowerOfTwo(value: number, exponent: number): number {
  const divisor = 2 ** exponent;
  const floor = Math.floor(value / divisor);
  const remainder = value - floor * divisor;
  const threshold = (divisor - 1) / 2 + (value < 0 ? 1 : 0);
  return remainder > Math.floor(threshold) ? floor + 1 : floor;
}
