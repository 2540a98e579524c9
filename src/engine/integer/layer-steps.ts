import {elementCount} from '../../graph/shape.ts';
import {at, type Buffer, type Place} from './blocks.ts';
import {
  packLayer,
  requirePlainWeights,
  type LayerTensors,
  type PackedLayer,
  type PackedRange,
} from './pack-weights.ts';
import type {NodeOf, ProgramBuilder} from './program-builder.ts';
import {graphOrder} from './values.ts';

/** Bytes of an int16, which activations are widened to before they are multiplied. */
export const WIDE_BYTES = 2;

/** What the stored values of an output may be. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** A layer to be lowered, with the clamp that follows it made part of it. */
export interface Layer<Op extends 'Conv' | 'Gemm'> {
  readonly node: NodeOf<Op>;
  /** Name of the tensor that the layer, clamp and all, computes. */
  readonly output: string | undefined;
  readonly bounds: Bounds;
}

/** What a layer multiplies, and how its sums are finished. */
export interface LayerWork {
  readonly tensors: LayerTensors;
  readonly bounds: Bounds;
}

/** Rows of int16 values, possibly overlapping. */
export interface Rows {
  readonly input: Place;
  readonly rowBytes: number;
  readonly rowCount: number;
}

/** Lowers a fully connected layer: its rows are widened, then multiplied. */
export function lowerGemm({node, output, bounds}: Layer<'Gemm'>, builder: ProgramBuilder): void {
  const tensors = layerTensors(node, builder);
  const x = builder.inOrder(builder.value(node.inputs[0]), graphOrder(2));
  const y = builder.newOutput(output);
  const [rowCount = 0, depth = 0] = x.shape;
  const [, outputCount = 0] = y.shape;
  const wide = builder.scratch(WIDE_BYTES * elementCount(x.shape));
  addWiden(builder, {input: at(x.buffer), width: elementCount(x.shape)}, wide);
  const rows = {input: at(wide), rowBytes: WIDE_BYTES * depth, rowCount};
  const indexOf = (unit: number, k: number): number => unit * depth + k;
  const target = {output: at(y.buffer), outputRowBytes: outputCount, first: 0, outputCount, depth, indexOf};
  addGemm(builder, rows, {tensors, bounds}, target);
}

/** The tensors of a layer. @throws ModelFormatError where the kernels do not take them. */
export function layerTensors(
  {inputs, outputs}: NodeOf<'Conv' | 'Gemm'>,
  builder: ProgramBuilder,
): LayerTensors {
  const weights = builder.tensor(inputs[1]);
  requirePlainWeights(weights);
  const bias = inputs[2] === undefined ? undefined : builder.tensor(inputs[2]);
  return {weights, bias, x: builder.activation(inputs[0]), y: builder.activation(outputs[0])};
}

/** An image to be widened; a single row without padding unless it says otherwise. */
export interface Widened {
  readonly input: Place;
  readonly width: number;
  readonly height?: number;
  readonly channelCount?: number;
  readonly padding?: {
    readonly top: number;
    readonly left: number;
    readonly bottom: number;
    readonly right: number;
  };
  readonly fill?: number;
  readonly repeat?: number;
}

/** Adds the widening of an image. */
export function addWiden(builder: ProgramBuilder, image: Widened, output: Buffer): void {
  const {input, width, height = 1, channelCount = 1, fill = 0, repeat = 1} = image;
  const {top, left, bottom, right} = image.padding ?? {top: 0, left: 0, bottom: 0, right: 0};
  const sides = {top, left, bottom, right};
  builder.add('widen', {input, width, height, channelCount, ...sides, fill, repeat, output: at(output)});
}

/** Adds the multiplication of rows by the weights of some outputs. */
export function addGemm(
  builder: ProgramBuilder,
  rows: Rows,
  {tensors, bounds}: LayerWork,
  {output, outputRowBytes, ...range}: PackedRange & {readonly output: Place; readonly outputRowBytes: number},
): void {
  const packed = packLayer(tensors, range, Int8Array);
  builder.add('gemm', {
    ...rows,
    ...finishFields(builder, packed, {tensors, bounds}),
    depthBytes: WIDE_BYTES * 2 * Math.ceil(range.depth / 2),
    output,
    outputRowBytes,
    outputCount: range.outputCount,
  });
}

/** The fields that say what is multiplied, and how sums become the output. */
export function finishFields(
  builder: ProgramBuilder,
  {weights, bias, scale}: PackedLayer,
  {tensors, bounds}: LayerWork,
): Record<'weights' | 'bias' | 'scale', Place> & Record<'zeroPoint' | 'min' | 'max', number> {
  return {
    weights: at(builder.constant(weights)),
    bias: at(builder.constant(bias)),
    scale: at(builder.constant(scale)),
    zeroPoint: tensors.y.zeroPoint,
    ...bounds,
  };
}
