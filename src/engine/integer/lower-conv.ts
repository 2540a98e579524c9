import {at, type Buffer, type Place} from './blocks.ts';
import {geometryOf, paddedLength, type ConvGeometry} from './conv-geometry.ts';
import {
  addGemm,
  addWiden,
  finishFields,
  layerTensors,
  WIDE_BYTES,
  type Layer,
  type LayerWork,
  type Rows,
} from './layer-steps.ts';
import {packLayer} from './pack-weights.ts';
import {CHANNELS_LAST, type ProgramBuilder} from './program-builder.ts';
import {bytesOf} from './values.ts';

/** A convolution over one image: where it is read, where it is written. */
interface ImageWork extends LayerWork {
  readonly geometry: ConvGeometry;
  readonly input: Place;
  readonly output: Place;
}

/** Lowers a convolution, image by image: each is widened with its padding, then multiplied. */
export function lowerConv({node, output, bounds}: Layer<'Conv'>, builder: ProgramBuilder): void {
  const tensors = layerTensors(node, builder);
  const x = builder.inOrder(builder.value(node.inputs[0]), CHANNELS_LAST);
  const y = builder.newOutput(output, CHANNELS_LAST);
  const geometry = geometryOf(node.attributes, tensors.weights, {x, y});
  const {group, channelCount} = geometry;
  const addImage = group > 1 && group === channelCount ? addDepthwise : addDense;
  const [batchCount = 0] = x.shape;
  for (let image = 0; image < batchCount; image++) {
    const input = at(x.buffer, (image * bytesOf(x)) / batchCount);
    const target = at(y.buffer, (image * bytesOf(y)) / batchCount);
    addImage(builder, {geometry, tensors, bounds, input, output: target});
  }
}

/** Every window is a row of a matrix. */
function addDense(builder: ProgramBuilder, work: ImageWork): void {
  const {geometry, output} = work;
  const {channelCount, outputCount, group, vertical, horizontal} = geometry;
  const wide = addPadded(builder, work, 1);
  const groupChannels = channelCount / group;
  const planeSize = vertical.kernel * horizontal.kernel;
  const depth = groupChannels * planeSize;
  // row by row, then pixel by pixel, then channel: how windows lie in the image
  const indexOf = (unit: number, k: number): number =>
    unit * depth + (k % groupChannels) * planeSize + Math.floor(k / groupChannels);
  for (let index = 0; index < group; index++) {
    const rows = windowRows(builder, geometry, at(wide, WIDE_BYTES * index * groupChannels));
    const first = (index * outputCount) / group;
    const target = {output: at(output.buffer, output.offset + first), outputRowBytes: outputCount};
    addGemm(builder, rows, work, {...target, first, outputCount: outputCount / group, depth, indexOf});
  }
}

/** The windows of an image as rows: where they lie in it one behind the other, or copied. */
function windowRows(builder: ProgramBuilder, geometry: ConvGeometry, input: Place): Rows {
  const {channelCount, group, vertical, horizontal} = geometry;
  const rowCount = vertical.outputLength * horizontal.outputLength;
  const {stepBytes, rowStepBytes, pixelBytes, pitchBytes} = windowSteps(geometry, channelCount);
  const isRun = group === 1 && (horizontal.dilation === 1 || horizontal.kernel === 1);
  const isEven = vertical.outputLength === 1 || rowStepBytes === horizontal.outputLength * stepBytes;
  if (isRun && vertical.kernel === 1 && isEven) return {input, rowBytes: stepBytes, rowCount};
  const runs = isRun ? 1 : horizontal.kernel;
  const segments = tapOffsets(vertical.kernel, runs, {
    row: vertical.dilation * pitchBytes,
    column: horizontal.dilation * pixelBytes,
  });
  const segmentBytes = ((horizontal.kernel / runs) * pixelBytes) / group;
  const rowBytes = segments.length * segmentBytes;
  const output = at(builder.scratch(rowCount * rowBytes));
  builder.add('unfold', {
    input,
    stepBytes,
    rowStepBytes,
    height: vertical.outputLength,
    width: horizontal.outputLength,
    segments: builder.integers(segments),
    segmentCount: segments.length,
    segmentBytes,
    output,
  });
  return {input: output, rowBytes, rowCount};
}

/** Every channel has filters of its own. */
function addDepthwise(builder: ProgramBuilder, work: ImageWork): void {
  const {geometry, output, tensors} = work;
  const {channelCount, outputCount, vertical, horizontal} = geometry;
  const wide = addPadded(builder, work, outputCount / channelCount);
  const {stepBytes, rowStepBytes, pixelBytes, pitchBytes} = windowSteps(geometry, outputCount);
  const taps = tapOffsets(vertical.kernel, horizontal.kernel, {
    row: vertical.dilation * pitchBytes,
    column: horizontal.dilation * pixelBytes,
  });
  const depth = taps.length;
  const indexOf = (channel: number, tap: number): number => channel * depth + tap;
  const packed = packLayer(tensors, {first: 0, outputCount, depth, indexOf}, Int16Array);
  builder.add('depthwise', {
    ...finishFields(builder, packed, work),
    input: at(wide),
    stepBytes,
    rowStepBytes,
    width: horizontal.outputLength,
    pixelCount: vertical.outputLength * horizontal.outputLength,
    channelCount: outputCount,
    // the last of an odd number has a partner whose weights are 0
    taps: builder.integers(depth % 2 === 0 ? taps : [...taps, 0]),
    tapPairCount: Math.ceil(depth / 2),
    output,
  });
}

/** The image as int16 with its padding, which stands for 0. */
function addPadded(
  builder: ProgramBuilder,
  {geometry: {channelCount, vertical, horizontal}, input, tensors}: ImageWork,
  repeat: number,
): Buffer {
  const pixelCount = paddedLength(vertical) * paddedLength(horizontal);
  const wide = builder.scratch(WIDE_BYTES * pixelCount * channelCount * repeat);
  const [top, left, bottom, right] = [vertical.before, horizontal.before, vertical.after, horizontal.after];
  const image = {
    input,
    height: vertical.length,
    width: horizontal.length,
    channelCount,
    padding: {top, left, bottom, right},
    fill: tensors.x.zeroPoint,
    repeat,
  };
  addWiden(builder, image, wide);
  return wide;
}

/** How far apart things lie in the widened image, bytes. */
function windowSteps(
  {vertical, horizontal}: ConvGeometry,
  channelCount: number,
): Record<'stepBytes' | 'rowStepBytes' | 'pixelBytes' | 'pitchBytes', number> {
  const pixelBytes = WIDE_BYTES * channelCount;
  const pitchBytes = paddedLength(horizontal) * pixelBytes;
  return {
    pixelBytes,
    pitchBytes,
    stepBytes: horizontal.stride * pixelBytes,
    rowStepBytes: vertical.stride * pitchBytes,
  };
}

function tapOffsets(
  rowCount: number,
  columnCount: number,
  bytes: {readonly row: number; readonly column: number},
): readonly number[] {
  return Array.from({length: rowCount * columnCount}, (_, tap) => {
    const row = Math.floor(tap / columnCount);
    return row * bytes.row + (tap - row * columnCount) * bytes.column;
  });
}
