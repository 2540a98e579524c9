/** Sides of a tile that is turned in registers, bytes. */
const TILE = 8;

/**
 * output[i · outputStep + j] = input[i + j · inputStep] for i below iCount, j below jCount: what lies along i in the
 * input lies along j in the output.
 */
export function transpose(
  input: usize,
  inputStep: i32,
  iCount: i32,
  output: usize,
  outputStep: i32,
  jCount: i32,
): void {
  const iWhole = iCount & ~(TILE - 1);
  const jWhole = jCount & ~(TILE - 1);
  for (let j = 0; j < jWhole; j += TILE) {
    const column = input + j * inputStep;
    for (let i = 0; i < iWhole; i += TILE) {
      turnTile(column + i, inputStep, output + i * outputStep + j, outputStep);
    }
  }

  // what is left beside the tiles: to their right, then below
  for (let i = 0; i < iCount; i++) {
    for (let j = i < iWhole ? jWhole : 0; j < jCount; j++) {
      store<i8>(output + i * outputStep + j, load<i8>(input + i + j * inputStep));
    }
  }
}

function turnTile(input: usize, inputStep: usize, output: usize, outputStep: usize): void {
  // pairs, then fours, then eights of what came from different rows lie side by side
  const ab = pairBytes(v128.load64_zero(input), v128.load64_zero(input + inputStep));
  input += 2 * inputStep;
  const cd = pairBytes(v128.load64_zero(input), v128.load64_zero(input + inputStep));
  input += 2 * inputStep;
  const ef = pairBytes(v128.load64_zero(input), v128.load64_zero(input + inputStep));
  input += 2 * inputStep;
  const gh = pairBytes(v128.load64_zero(input), v128.load64_zero(input + inputStep));
  const firstLow = i16x8.shuffle(ab, cd, 0, 8, 1, 9, 2, 10, 3, 11);
  const firstHigh = i16x8.shuffle(ab, cd, 4, 12, 5, 13, 6, 14, 7, 15);
  const lastLow = i16x8.shuffle(ef, gh, 0, 8, 1, 9, 2, 10, 3, 11);
  const lastHigh = i16x8.shuffle(ef, gh, 4, 12, 5, 13, 6, 14, 7, 15);
  output = storePair(i32x4.shuffle(firstLow, lastLow, 0, 4, 1, 5), output, outputStep);
  output = storePair(i32x4.shuffle(firstLow, lastLow, 2, 6, 3, 7), output, outputStep);
  output = storePair(i32x4.shuffle(firstHigh, lastHigh, 0, 4, 1, 5), output, outputStep);
  storePair(i32x4.shuffle(firstHigh, lastHigh, 2, 6, 3, 7), output, outputStep);
}

function pairBytes(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

/** Gives the address of the row behind those two. */
function storePair(rows: v128, output: usize, outputStep: usize): usize {
  v128.store64_lane(output, rows, 0);
  v128.store64_lane(output + outputStep, rows, 1);
  return output + 2 * outputStep;
}
