import {CHANNELS, Finish, requantise, storeHigh, storeLow, toBytes} from './requantise';

/** A convolution with one filter for each channel, over an image whose padding is in it. */
@unmanaged
class DepthwiseBlock extends Finish {
  input: usize; // int16 [height][width][channels]
  stepBytes: i32; // from one window to the next in its row
  rowStepBytes: i32; // to the window below
  width: i32; // of the output
  pixelCount: i32; // of the output
  channelCount: i32;
  taps: usize; // int32 [tapPairCount][2]: bytes from the start of a window to each tap
  tapPairCount: i32;
  weights: usize; // int16 [channels / 8][tapPairCount][8][2]
  bias: usize; // int32 [channels, up to a multiple of 8]
  output: usize; // int8 [height][width][channels]
}

/** Four pixels by eight channels are summed at a time, in registers; each multiplication takes two taps. */
export function depthwise(address: usize): void {
  const block = changetype<DepthwiseBlock>(address);
  for (let pixel = 0; pixel < block.pixelCount; pixel += 4) computeFourPixels(block, pixel);
}

// past the last pixel the last one is computed again
function computeFourPixels(block: DepthwiseBlock, pixel: i32): void {
  const channelCount = block.channelCount;
  const last = block.pixelCount - 1;
  const bPixel = min(pixel + 1, last);
  const cPixel = min(pixel + 2, last);
  const dPixel = min(pixel + 3, last);
  let a = windowOf(block, pixel);
  let b = windowOf(block, bPixel);
  let c = windowOf(block, cPixel);
  let d = windowOf(block, dPixel);
  const tapsEnd = block.taps + ((<usize>block.tapPairCount) << 3);
  let weights = block.weights;
  for (let channel = 0; channel < channelCount; channel += CHANNELS) {
    const bias = block.bias + ((<usize>channel) << 2);
    let aLow = v128.load(bias);
    let aHigh = v128.load(bias, 16);
    let bLow = aLow;
    let bHigh = aHigh;
    let cLow = aLow;
    let cHigh = aHigh;
    let dLow = aLow;
    let dHigh = aHigh;

    // sums
    for (let tap = block.taps; tap < tapsEnd; tap += 8) {
      const first = load<i32>(tap);
      const second = load<i32>(tap, 4);
      const low = v128.load(weights);
      const high = v128.load(weights, 16);
      let x = v128.load(a + first);
      let y = v128.load(a + second);
      aLow = i32x4.add(aLow, i32x4.dot_i16x8_s(pairLow(x, y), low));
      aHigh = i32x4.add(aHigh, i32x4.dot_i16x8_s(pairHigh(x, y), high));
      x = v128.load(b + first);
      y = v128.load(b + second);
      bLow = i32x4.add(bLow, i32x4.dot_i16x8_s(pairLow(x, y), low));
      bHigh = i32x4.add(bHigh, i32x4.dot_i16x8_s(pairHigh(x, y), high));
      x = v128.load(c + first);
      y = v128.load(c + second);
      cLow = i32x4.add(cLow, i32x4.dot_i16x8_s(pairLow(x, y), low));
      cHigh = i32x4.add(cHigh, i32x4.dot_i16x8_s(pairHigh(x, y), high));
      x = v128.load(d + first);
      y = v128.load(d + second);
      dLow = i32x4.add(dLow, i32x4.dot_i16x8_s(pairLow(x, y), low));
      dHigh = i32x4.add(dHigh, i32x4.dot_i16x8_s(pairHigh(x, y), high));
      weights += 32;
    }

    // to int8
    const ab = toBytes(
      requantise(aLow, aHigh, channel, block),
      requantise(bLow, bHigh, channel, block),
      block,
    );
    const cd = toBytes(
      requantise(cLow, cHigh, channel, block),
      requantise(dLow, dHigh, channel, block),
      block,
    );
    const count = channelCount - channel;
    const output = block.output + channel;
    storeLow(output + pixel * channelCount, ab, count);
    storeHigh(output + bPixel * channelCount, ab, count);
    storeLow(output + cPixel * channelCount, cd, count);
    storeHigh(output + dPixel * channelCount, cd, count);
    a += 2 * CHANNELS;
    b += 2 * CHANNELS;
    c += 2 * CHANNELS;
    d += 2 * CHANNELS;
  }
}

// the first four of both, taken in turn
function pairLow(x: v128, y: v128): v128 {
  return i16x8.shuffle(x, y, 0, 8, 1, 9, 2, 10, 3, 11);
}

// the last four
function pairHigh(x: v128, y: v128): v128 {
  return i16x8.shuffle(x, y, 4, 12, 5, 13, 6, 14, 7, 15);
}

function windowOf(block: DepthwiseBlock, pixel: i32): usize {
  const y = pixel / block.width;
  const x = pixel - y * block.width;
  return block.input + y * block.rowStepBytes + x * block.stepBytes;
}
