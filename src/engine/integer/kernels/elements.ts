/** One value after the other. */
@unmanaged
class MapBlock {
  input: usize;
  count: i32;
  table: usize; // 256 values, by the bits of the input
  output: usize;
}

/** 8-bit values by an 8-bit table. */
export function lookUp(address: usize): void {
  const block = changetype<MapBlock>(address);
  for (let index = 0; index < block.count; index++) {
    store<u8>(block.output + index, load<u8>(block.table + load<u8>(block.input + index)));
  }
}

/** 8-bit values by a table of float32. */
export function dequantise(address: usize): void {
  const block = changetype<MapBlock>(address);
  for (let index = 0; index < block.count; index++) {
    const real = load<f32>(block.table + ((<usize>load<u8>(block.input + index)) << 2));
    store<f32>(block.output + ((<usize>index) << 2), real);
  }
}

/** float32 values to be rounded to 8 bits. */
@unmanaged
class QuantiseBlock {
  input: usize;
  count: i32;
  inverseScale: f32;
  zeroPoint: i32;
  min: i32;
  max: i32;
  output: usize;
}

/** Times the reciprocal of the scale, rounded half to even, as XNNPACK's `f32-qs8-vcvt` does. */
export function quantise(address: usize): void {
  const block = changetype<QuantiseBlock>(address);
  const least = <f32>(block.min - block.zeroPoint);
  const most = <f32>(block.max - block.zeroPoint);
  for (let index = 0; index < block.count; index++) {
    const scaled = load<f32>(block.input + ((<usize>index) << 2)) * block.inverseScale;
    const stored = <i32>nearest(min(most, max(least, scaled))) + block.zeroPoint;
    store<i8>(block.output + index, <i8>stored);
  }
}

/** Values of which those along the middle axis of three are to add up to 1. */
@unmanaged
class SoftmaxBlock {
  input: usize; // int8 [outer][length][inner]
  outerCount: i32;
  length: i32;
  innerCount: i32;
  table: usize; // float32 [256]: exp of minus so many steps
  scale: f32; // of the output
  zeroPoint: i32;
  output: usize; // int8 [outer][length][inner]
}

/** TFLite's int8 softmax (`optimized_ops::Softmax` with its table), sums in float32 in the order of the values. */
export function softmax(address: usize): void {
  const block = changetype<SoftmaxBlock>(address);
  for (let outer = 0; outer < block.outerCount; outer++) {
    const offset = outer * block.length * block.innerCount;
    for (let inner = 0; inner < block.innerCount; inner++) softmaxLine(block, offset + inner);
  }
}

function softmaxLine(block: SoftmaxBlock, offset: i32): void {
  const input = block.input + offset;
  const end = block.length * block.innerCount;
  let largest: i32 = -128;
  for (let at = 0; at < end; at += block.innerCount) largest = max(largest, <i32>load<i8>(input + at));
  let sum: f32 = 0;
  for (let at = 0; at < end; at += block.innerCount) sum += power(block, largest, input + at);
  const inverseSum: f32 = 1 / (sum * block.scale);
  for (let at = 0; at < end; at += block.innerCount) {
    // rounded half up; nothing here is negative
    const share = power(block, largest, input + at) * inverseSum;
    const below = floor(share);
    const stored = <i32>below + (share - below >= 0.5 ? 1 : 0) + block.zeroPoint;
    store<i8>(block.output + offset + at, <i8>max(-128, min(127, stored)));
  }
}

function power(block: SoftmaxBlock, largest: i32, address: usize): f32 {
  return load<f32>(block.table + ((<usize>(largest - <i32>load<i8>(address))) << 2));
}
