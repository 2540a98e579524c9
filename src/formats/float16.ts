const EXPONENT_BIAS = 15;
const MANTISSA_STEPS = 1024; // 10 bits
const LARGEST_EXPONENT = 31; // infinity and NaN

/**
 * Decodes IEEE 754 half-precision bits to float32, exactly: every half is a float32. Any thread; allocates the result.
 * @param bits one value per element.
 */
export function float16ToFloat32(bits: Uint16Array): Float32Array {
  const out = new Float32Array(bits.length);
  bits.forEach((half, index) => {
    out[index] = decodeHalf(half);
  });
  return out;
}

function decodeHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === LARGEST_EXPONENT) return mantissa === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return (sign * mantissa * 2 ** (1 - EXPONENT_BIAS)) / MANTISSA_STEPS; // subnormal, or zero
  return sign * (1 + mantissa / MANTISSA_STEPS) * 2 ** (exponent - EXPONENT_BIAS);
}
