import {toFixedPoint} from './fixed-point.ts';
import type {OneScale} from './quantised-scales.ts';

/** How many values a byte has, and so a table over uint8 activations. */
export const TABLE_LENGTH = 256;

/** What an 8-bit to 8-bit function gives for every value of its input, in the order of the values. */
export type LookupTable = Uint8Array; // [TABLE_LENGTH]

/**
 * The logistic function, as XNNPACK's `xnn_create_sigmoid_nc_qs8` tabulates it: float32 arithmetic, rounded half
 * to even.
 */
export function sigmoidTable(input: OneScale, output: OneScale): LookupTable {
  const inverseScale = Math.fround(1 / Math.fround(output.scale));
  return tabulate((stored) => {
    const x = Math.fround(Math.fround(input.scale) * (stored - input.zeroPoint));
    const y = Math.fround(1 / Math.fround(1 + Math.fround(Math.exp(-x))));
    return roundHalfEven(Math.fround(y * inverseScale)) + output.zeroPoint;
  });
}

/**
 * Leaky ReLU, as XNNPACK's `vlrelu` kernels compute it: each slope a multiple of 1/256, rounded half up.
 * @param alpha slope below zero.
 */
export function leakyReluTable(input: OneScale, output: OneScale, alpha: number): LookupTable {
  const positive = Math.fround(Math.fround(input.scale) / Math.fround(output.scale));
  const negative = Math.fround(positive * Math.fround(alpha));
  return tabulate((stored) => {
    const x = stored - input.zeroPoint;
    return scaleByFixedPoint(x, x > 0 ? positive : negative) + output.zeroPoint;
  });
}

/** The same real numbers at another scale, as XNNPACK's `vcvt` kernels compute it: like `leakyReluTable`. */
export function requantiseTable(input: OneScale, output: OneScale): LookupTable {
  const ratio = Math.fround(Math.fround(input.scale) / Math.fround(output.scale));
  return tabulate((stored) => scaleByFixedPoint(stored - input.zeroPoint, ratio) + output.zeroPoint);
}

/**
 * ReLU and its kin between scales, as TFLite's own kernel computes them (XNNPACK takes none that change scales):
 * the ratio of the scales in gemmlowp's fixed point, rounded twice (`QuantizedReluX`), then clamped.
 */
export function clampTable(
  input: OneScale,
  output: OneScale,
  {min, max}: {readonly min: number; readonly max: number},
): LookupTable {
  const ratio = Math.fround(Math.fround(input.scale) / Math.fround(output.scale));
  const [low, high] = [quantisedBound(min, output), quantisedBound(max, output)];
  return tabulate((stored) => {
    const value = multiplyRoundingTwice(stored - input.zeroPoint, ratio) + output.zeroPoint;
    return Math.min(high, Math.max(low, value));
  });
}

/** Whether a table leaves every value as it is. */
export function isIdentity(table: LookupTable): boolean {
  return table.every((value, stored) => value === stored);
}

/**
 * A real bound as the stored value that stands for it, rounded half away from zero as TFLite does
 * (`CalculateActivationRangeQuantized`), within 0…255.
 */
export function quantisedBound(bound: number, {scale, zeroPoint}: OneScale): number {
  const quotient = Math.fround(bound / scale);
  return saturate(zeroPoint + Math.sign(quotient) * Math.floor(Math.abs(quotient) + 0.5));
}

const FIXED_POINT_ONE = 256;

function scaleByFixedPoint(x: number, ratio: number): number {
  const multiplier = roundHalfEven(Math.fround(FIXED_POINT_ONE * ratio));
  return Math.floor((x * multiplier + FIXED_POINT_ONE / 2) / FIXED_POINT_ONE);
}

// `MultiplyByQuantizedMultiplier`: half up, then half away from zero. Doubles hold the products: 8 + 31 bits, and
// the few of a ratio above 1; where the ratio is so large that they do not, every result saturates.
function multiplyRoundingTwice(x: number, ratio: number): number {
  const {multiplier, exponent} = toFixedPoint(ratio);
  const high = Math.floor((x * 2 ** Math.max(0, exponent) * multiplier) / 2 ** 31 + 0.5);
  const divisor = 2 ** Math.max(0, -exponent);
  return Math.sign(high) * Math.floor((Math.abs(high) + Math.floor(divisor / 2)) / divisor);
}

function tabulate(valueOf: (stored: number) => number): LookupTable {
  return Uint8Array.from({length: TABLE_LENGTH}, (_, stored) => saturate(valueOf(stored)));
}

function saturate(value: number): number {
  return Math.min(TABLE_LENGTH - 1, Math.max(0, value));
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const excess = value - below;
  if (excess !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
