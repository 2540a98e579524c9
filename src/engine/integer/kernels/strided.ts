import {transpose} from './transpose';

/** Values in one order to be laid out in another. */
@unmanaged
class CopyBlock {
  input: usize;
  output: usize;
  rank: i32; // 1 or more
  axes: usize; // int32 [rank][3]: how many, bytes from one to the next in the input, in the output
}

/** Copies bytes, whatever they mean: transposes, joins, cuts out. */
export function copy(address: usize): void {
  const block = changetype<CopyBlock>(address);
  copyAxis(block.axes, block.rank, block.input, block.output);
}

function copyAxis(axis: usize, rank: i32, input: usize, output: usize): void {
  const count = load<i32>(axis);
  const inputStep = load<i32>(axis, 4);
  const outputStep = load<i32>(axis, 8);
  if (rank === 1 && inputStep === 1 && outputStep === 1) {
    memory.copy(output, input, count);
    return;
  }
  if (rank === 2 && copyTransposed(axis, input, output)) return;
  for (let index = 0; index < count; index++) {
    if (rank > 1) copyAxis(axis + 12, rank - 1, input, output);
    else store<i8>(output, load<i8>(input));
    input += inputStep;
    output += outputStep;
  }
}

// where one of two axes is the nearer one in the input, the other in the output; false where it is not so
function copyTransposed(axis: usize, input: usize, output: usize): bool {
  const inner = axis + 12;
  const isOuterNear = load<i32>(axis, 4) === 1 && load<i32>(inner, 8) === 1;
  const isInnerNear = load<i32>(inner, 4) === 1 && load<i32>(axis, 8) === 1;
  if (!isOuterNear && !isInnerNear) return false;
  const near = isOuterNear ? axis : inner; // in the input
  const far = isOuterNear ? inner : axis;
  transpose(input, load<i32>(far, 4), load<i32>(near), output, load<i32>(near, 8), load<i32>(far));
  return true;
}

/** Bytes that are all alike. */
@unmanaged
class FillBlock {
  output: usize;
  count: i32;
  value: i32;
}

/** Sets bytes to one value. */
export function fill(address: usize): void {
  const block = changetype<FillBlock>(address);
  memory.fill(block.output, <u8>block.value, block.count);
}

/** Two tensors that meet value by value; one may be stretched. */
@unmanaged
class BinaryBlock {
  left: usize;
  right: usize;
  output: usize; // in the order of the axes
  rank: i32; // 1 or more
  axes: usize; // int32 [rank][4]: how many, bytes from one to the next on the left, on the right, in the output
  leftZeroPoint: i32;
  rightZeroPoint: i32;
  zeroPoint: i32;
}

/** What an addition needs beside. */
@unmanaged
class AddBlock extends BinaryBlock {
  leftMultiplier: i32;
  rightMultiplier: i32;
  shift: i32;
}

/** Sums at fixed point, rounded half up: XNNPACK's `vadd`. */
export function add(address: usize): void {
  const block = changetype<BinaryBlock>(address);
  combineAxis(block, block.axes, block.rank, block.left, block.right, block.output, true);
}

/** What a multiplication needs beside. */
@unmanaged
class MultiplyBlock extends BinaryBlock {
  scale: f32;
}

/** Products times one float32 scale, rounded half to even: XNNPACK's `vmul`. */
export function multiply(address: usize): void {
  const block = changetype<BinaryBlock>(address);
  combineAxis(block, block.axes, block.rank, block.left, block.right, block.output, false);
}

function combineAxis(
  block: BinaryBlock,
  axis: usize,
  rank: i32,
  left: usize,
  right: usize,
  output: usize,
  isSum: bool,
): void {
  const count = load<i32>(axis);
  const leftStep = load<i32>(axis, 4);
  const rightStep = load<i32>(axis, 8);
  const outputStep = load<i32>(axis, 12);
  for (let index = 0; index < count; index++) {
    if (rank > 1) combineAxis(block, axis + 16, rank - 1, left, right, output, isSum);
    else {
      const a = <i32>load<i8>(left) - block.leftZeroPoint;
      const b = <i32>load<i8>(right) - block.rightZeroPoint;
      const value = isSum
        ? sumOf(changetype<AddBlock>(block), a, b)
        : productOf(changetype<MultiplyBlock>(block), a, b);
      store<i8>(output, <i8>max(-128, min(127, value + block.zeroPoint)));
    }
    left += leftStep;
    right += rightStep;
    output += outputStep;
  }
}

function sumOf(block: AddBlock, a: i32, b: i32): i32 {
  const sum = <i64>a * block.leftMultiplier + <i64>b * block.rightMultiplier;
  return <i32>((sum + ((<i64>1) << (block.shift - 1))) >> block.shift);
}

function productOf(block: MultiplyBlock, a: i32, b: i32): i32 {
  const product = <f32>(a * b) * block.scale;
  return <i32>nearest(max<f32>(-256, min<f32>(256, product)));
}
