import {CHANNELS, Finish, requantise, storeLow, toBytes} from './requantise';

/** Windows of an image, of which each becomes a pixel. */
@unmanaged
class PoolBlock {
  input: usize; // int8 [height][width][channels]
  height: i32;
  width: i32;
  channelCount: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  top: i32;
  left: i32;
  outputHeight: i32;
  outputWidth: i32;
  output: usize; // int8 [outputHeight][outputWidth][channels]
}

/**
 * Averages of what of each window lies in the image, rounded half away from zero, whatever the zero point: TFLite's
 * `reference_integer_ops::AveragePool`.
 */
export function averagePool(address: usize): void {
  pool(changetype<PoolBlock>(address), true);
}

/** The largest value of each window. */
export function maxPool(address: usize): void {
  pool(changetype<PoolBlock>(address), false);
}

function pool(block: PoolBlock, isAverage: bool): void {
  let output = block.output;
  for (let y = 0; y < block.outputHeight; y++) {
    const firstRow = y * block.strideHeight - block.top;
    const top = max(0, firstRow);
    const bottom = min(block.height, firstRow + block.kernelHeight);
    for (let x = 0; x < block.outputWidth; x++) {
      const firstColumn = x * block.strideWidth - block.left;
      const left = max(0, firstColumn);
      const right = min(block.width, firstColumn + block.kernelWidth);
      const corner = block.input + (top * block.width + left) * block.channelCount;
      if (isAverage) averageWindow(block, corner, bottom - top, right - left, output);
      else maximumWindow(block, corner, bottom - top, right - left, output);
      output += block.channelCount;
    }
  }
}

function averageWindow(block: PoolBlock, corner: usize, height: i32, width: i32, output: usize): void {
  const channelCount = block.channelCount;
  const pitch = block.width * channelCount;
  const count = height * width;
  for (let channel = 0; channel < channelCount; channel += CHANNELS) {
    let low = i32x4.splat(0);
    let high = low;
    let row = corner + channel;
    for (let y = 0; y < height; y++) {
      let pixel = row;
      for (let x = 0; x < width; x++) {
        const values = v128.load_ext<i8>(pixel);
        low = i32x4.add(low, i32x4.extend_low_i16x8_s(values));
        high = i32x4.add(high, i32x4.extend_high_i16x8_s(values));
        pixel += channelCount;
      }
      row += pitch;
    }
    const averages = i16x8.narrow_i32x4_s(divideFour(low, count), divideFour(high, count));
    storeLow(output + channel, i8x16.narrow_i16x8_s(averages, averages), channelCount - channel);
  }
}

function divideFour(sums: v128, count: i32): v128 {
  let quotients = i32x4.splat(divide(i32x4.extract_lane(sums, 0), count));
  quotients = i32x4.replace_lane(quotients, 1, divide(i32x4.extract_lane(sums, 1), count));
  quotients = i32x4.replace_lane(quotients, 2, divide(i32x4.extract_lane(sums, 2), count));
  return i32x4.replace_lane(quotients, 3, divide(i32x4.extract_lane(sums, 3), count));
}

function divide(sum: i32, count: i32): i32 {
  const half = count / 2;
  return (sum > 0 ? sum + half : sum - half) / count;
}

function maximumWindow(block: PoolBlock, corner: usize, height: i32, width: i32, output: usize): void {
  const channelCount = block.channelCount;
  const pitch = block.width * channelCount;
  for (let channel = 0; channel < channelCount; channel += CHANNELS) {
    let largest = i8x16.splat(-128);
    let row = corner + channel;
    for (let y = 0; y < height; y++) {
      let pixel = row;
      for (let x = 0; x < width; x++) {
        largest = i8x16.max_s(largest, v128.load64_zero(pixel));
        pixel += channelCount;
      }
      row += pitch;
    }
    storeLow(output + channel, largest, channelCount - channel);
  }
}

/** Sums over the middle axis of three. */
@unmanaged
class MeanBlock extends Finish {
  input: usize; // int8 [outer][reduced][inner]
  outerCount: i32;
  reducedCount: i32;
  innerCount: i32;
  bias: i32; // what every sum starts from: the zero points of its terms, taken off
  output: usize; // int8 [outer][inner]
}

/** Means over one axis: XNNPACK's global average pooling, a sum times one scale. */
export function mean(address: usize): void {
  const block = changetype<MeanBlock>(address);
  const innerCount = block.innerCount;
  let input = block.input;
  let output = block.output;
  for (let outer = 0; outer < block.outerCount; outer++) {
    for (let inner = 0; inner < innerCount; inner += CHANNELS) {
      let low = i32x4.splat(block.bias);
      let high = low;
      let value = input + inner;
      for (let reduced = 0; reduced < block.reducedCount; reduced++) {
        const values = v128.load_ext<i8>(value);
        low = i32x4.add(low, i32x4.extend_low_i16x8_s(values));
        high = i32x4.add(high, i32x4.extend_high_i16x8_s(values));
        value += innerCount;
      }
      const means = requantise(low, high, inner, block);
      storeLow(output + inner, toBytes(means, means, block), innerCount - inner);
    }
    input += block.reducedCount * innerCount;
    output += innerCount;
  }
}
