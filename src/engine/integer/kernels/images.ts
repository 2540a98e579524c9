/** An image to be widened to int16, with padding around it. */
@unmanaged
class WidenBlock {
  input: usize; // int8 [height][width][channels]
  height: i32;
  width: i32;
  channelCount: i32;
  top: i32;
  left: i32;
  bottom: i32;
  right: i32;
  fill: i32; // what the padding holds
  repeat: i32; // how often each channel follows itself in the output
  output: usize; // int16 [top + height + bottom][left + width + right][channels · repeat]
}

/** int8 to int16, padded. */
export function widen(address: usize): void {
  const block = changetype<WidenBlock>(address);
  const depth = block.channelCount * block.repeat;
  const rowCount = block.width * block.channelCount;
  const pitch = (block.left + block.width + block.right) * depth;
  let input = block.input;
  let output = fillValues(block.output, block.fill, block.top * pitch);
  for (let y = 0; y < block.height; y++) {
    output = fillValues(output, block.fill, block.left * depth);
    output =
      block.repeat === 1 ? widenRun(input, output, rowCount) : repeatRun(block, input, output, rowCount);
    output = fillValues(output, block.fill, block.right * depth);
    input += rowCount;
  }
  fillValues(output, block.fill, block.bottom * pitch);
}

// each of these gives the address behind what it wrote

function fillValues(output: usize, value: i32, count: i32): usize {
  const end = output + ((<usize>count) << 1);
  const values = i16x8.splat(<i16>value);
  for (; output + 16 <= end; output += 16) v128.store(output, values);
  for (; output < end; output += 2) store<i16>(output, <i16>value);
  return end;
}

function widenRun(input: usize, output: usize, count: i32): usize {
  const end = output + ((<usize>count) << 1);
  for (; output + 16 <= end; output += 16) {
    v128.store(output, v128.load_ext<i8>(input));
    input += 8;
  }
  for (; output < end; output += 2) store<i16>(output, <i16>load<i8>(input++));
  return end;
}

function repeatRun(block: WidenBlock, input: usize, output: usize, count: i32): usize {
  for (let index = 0; index < count; index++) {
    output = fillValues(output, <i32>load<i8>(input + index), block.repeat);
  }
  return output;
}

/** Windows of an image, to be laid out one a row. */
@unmanaged
class UnfoldBlock {
  input: usize; // int16 [height][width][channels], the first window's start
  stepBytes: i32; // from one window to the next in its row
  rowStepBytes: i32; // to the window below
  height: i32; // of the output
  width: i32; // of the output
  segments: usize; // int32 [segmentCount]: bytes from the start of a window to each of its runs
  segmentCount: i32;
  segmentBytes: i32;
  output: usize; // int16 [height · width][segmentCount · segmentBytes / 2]; 16 bytes behind it may be written too
}

/** Each window as a row of a matrix ("im2col"): its runs, one behind the other. */
export function unfold(address: usize): void {
  const block = changetype<UnfoldBlock>(address);
  const segmentsEnd = block.segments + ((<usize>block.segmentCount) << 2);
  const segmentBytes = block.segmentBytes;
  let output = block.output;
  for (let y = 0; y < block.height; y++) {
    let window = block.input + y * block.rowStepBytes;
    for (let x = 0; x < block.width; x++) {
      for (let segment = block.segments; segment < segmentsEnd; segment += 4) {
        output = copyRun(window + load<i32>(segment), output, segmentBytes);
      }
      window += block.stepBytes;
    }
  }
}

// 16 bytes at a time: what is too much, the next run overwrites
function copyRun(input: usize, output: usize, byteLength: i32): usize {
  for (let done = 0; done < byteLength; done += 16) v128.store(output + done, v128.load(input + done));
  return output + byteLength;
}
