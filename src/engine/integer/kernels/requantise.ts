/** 1.5 · 2²³: added to a float32 it leaves the nearest whole number, ties to even, in the low bits. */
const MAGIC: f32 = 12582912.0;

/** How many channels are finished at a time. */
export const CHANNELS = 8;

/** How int32 sums, a row of them for each pixel, become the int8 values of an output. */
@unmanaged
export class Finish {
  scale: usize; // float32 [channels, up to a multiple of 8]
  zeroPoint: i32;
  min: i32;
  max: i32;
}

/**
 * Eight sums as int16: times their scales, rounded half to even, plus the zero point. XNNPACK's `fp32` requantisation
 * with a magic bias: where a product is too large for the bias, its bits still rank as the numbers do, so that the
 * clamping to min here, and to max in `toBytes`, gives the right end.
 */
export function requantise(low: v128, high: v128, channel: i32, finish: Finish): v128 {
  const least = i32x4.splat(reinterpret<i32>(MAGIC + <f32>(finish.min - finish.zeroPoint)));
  const offset = i32x4.splat(reinterpret<i32>(MAGIC) - finish.zeroPoint);
  const scale = finish.scale + ((<usize>channel) << 2);
  return i16x8.narrow_i32x4_s(
    requantiseFour(low, v128.load(scale), least, offset),
    requantiseFour(high, v128.load(scale, 16), least, offset),
  );
}

function requantiseFour(sums: v128, scale: v128, least: v128, offset: v128): v128 {
  const real = f32x4.mul(f32x4.convert_i32x4_s(sums), scale);
  return i32x4.sub(i32x4.max_s(f32x4.add(real, f32x4.splat(MAGIC)), least), offset);
}

/** Two times eight values as int8, the first eight in the low half. */
export function toBytes(low: v128, high: v128, finish: Finish): v128 {
  return i8x16.min_s(i8x16.narrow_i16x8_s(low, high), i8x16.splat(<i8>finish.max));
}

/** Stores the first `count` bytes of the low half: 8 where count is more. */
export function storeLow(address: usize, bytes: v128, count: i32): void {
  if (count >= CHANNELS) v128.store64_lane(address, bytes, 0);
  else storeSome(address, i64x2.extract_lane(bytes, 0), count);
}

/** The same of the high half. */
export function storeHigh(address: usize, bytes: v128, count: i32): void {
  if (count >= CHANNELS) v128.store64_lane(address, bytes, 1);
  else storeSome(address, i64x2.extract_lane(bytes, 1), count);
}

function storeSome(address: usize, bytes: i64, count: i32): void {
  for (let index = 0; index < count; index++) {
    store<i8>(address + index, <i8>bytes);
    bytes >>= 8;
  }
}
