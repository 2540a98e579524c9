import {CHANNELS, Finish, requantise, storeHigh, storeLow, toBytes} from './requantise';

/** A matrix of int16 rows times packed weights, to int8; filled in by `blocks.ts` of the engine. */
@unmanaged
class GemmBlock extends Finish {
  input: usize; // int16, a row every rowBytes, which may be less than a row has
  rowBytes: i32;
  rowCount: i32;
  depthBytes: i32; // of the values of a row that count, an even number of them
  weights: usize; // int8 [outputs / 8][depth / 2][8][2]
  bias: usize; // int32 [outputs, up to a multiple of 8]
  output: usize; // int8, a row every outputRowBytes
  outputRowBytes: i32;
  outputCount: i32;
}

/**
 * output[row][n] = requantised(bias[n] + Σ input[row][k] · weights[n][k]). Four rows by eight outputs are summed at a
 * time, in registers; each multiplication takes two neighbours of the depth.
 */
export function gemm(address: usize): void {
  const block = changetype<GemmBlock>(address);
  const rowCount = block.rowCount;
  const inputStep = <usize>block.rowBytes;
  const outputStep = <usize>block.outputRowBytes;
  let weights = block.weights;
  for (let first = 0; first < block.outputCount; first += CHANNELS) {
    let input = block.input;
    let output = block.output + first;
    let row = 0;
    for (; row + 4 <= rowCount; row += 4) {
      computeFourRows(block, first, weights, input, output);
      input += 4 * inputStep;
      output += 4 * outputStep;
    }
    for (; row < rowCount; row++) {
      computeRow(block, first, weights, input, output);
      input += inputStep;
      output += outputStep;
    }
    weights += block.depthBytes << 2;
  }
}

function computeFourRows(block: GemmBlock, first: i32, weights: usize, input: usize, output: usize): void {
  let a = input;
  let b = a + block.rowBytes;
  let c = b + block.rowBytes;
  let d = c + block.rowBytes;
  const bias = block.bias + ((<usize>first) << 2);
  let aLow = v128.load(bias);
  let aHigh = v128.load(bias, 16);
  let bLow = aLow;
  let bHigh = aHigh;
  let cLow = aLow;
  let cHigh = aHigh;
  let dLow = aLow;
  let dHigh = aHigh;

  // sums; V8 unrolls the loop itself, and by hand it was slower
  const end = a + block.depthBytes;
  while (a < end) {
    const low = v128.load_ext<i8>(weights);
    const high = v128.load_ext<i8>(weights, 8);
    let x = v128.load32_splat(a);
    aLow = i32x4.add(aLow, i32x4.dot_i16x8_s(x, low));
    aHigh = i32x4.add(aHigh, i32x4.dot_i16x8_s(x, high));
    x = v128.load32_splat(b);
    bLow = i32x4.add(bLow, i32x4.dot_i16x8_s(x, low));
    bHigh = i32x4.add(bHigh, i32x4.dot_i16x8_s(x, high));
    x = v128.load32_splat(c);
    cLow = i32x4.add(cLow, i32x4.dot_i16x8_s(x, low));
    cHigh = i32x4.add(cHigh, i32x4.dot_i16x8_s(x, high));
    x = v128.load32_splat(d);
    dLow = i32x4.add(dLow, i32x4.dot_i16x8_s(x, low));
    dHigh = i32x4.add(dHigh, i32x4.dot_i16x8_s(x, high));
    weights += 16;
    a += 4;
    b += 4;
    c += 4;
    d += 4;
  }

  // to int8
  const ab = toBytes(requantise(aLow, aHigh, first, block), requantise(bLow, bHigh, first, block), block);
  const cd = toBytes(requantise(cLow, cHigh, first, block), requantise(dLow, dHigh, first, block), block);
  const count = block.outputCount - first;
  const step = <usize>block.outputRowBytes;
  storeLow(output, ab, count);
  storeHigh(output + step, ab, count);
  storeLow(output + 2 * step, cd, count);
  storeHigh(output + 3 * step, cd, count);
}

function computeRow(block: GemmBlock, first: i32, weights: usize, input: usize, output: usize): void {
  const bias = block.bias + ((<usize>first) << 2);
  let low = v128.load(bias);
  let high = v128.load(bias, 16);
  const end = input + block.depthBytes;
  while (input < end) {
    const x = v128.load32_splat(input);
    low = i32x4.add(low, i32x4.dot_i16x8_s(x, v128.load_ext<i8>(weights)));
    high = i32x4.add(high, i32x4.dot_i16x8_s(x, v128.load_ext<i8>(weights, 8)));
    weights += 16;
    input += 4;
  }
  const values = requantise(low, high, first, block);
  storeLow(output, toBytes(values, values, block), block.outputCount - first);
}
