import type {OpAttributes, Tensor} from '../../graph/graph.ts';
import type {Value} from './values.ts';

/** The sizes of a convolution over one image. */
export interface ConvGeometry {
  readonly channelCount: number;
  readonly outputCount: number; // channels of the output
  readonly group: number;
  readonly vertical: ConvAxis;
  readonly horizontal: ConvAxis;
}

/** One of the two axes along which the window goes. */
export interface ConvAxis {
  readonly length: number; // of the image
  readonly before: number; // padding
  readonly after: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly outputLength: number;
}

/**
 * The sizes of a convolution. One that goes down a column of pixels is turned into one that goes along a row: in
 * memory they are the same.
 */
export function geometryOf(
  {strides, pads, dilations, group}: OpAttributes['Conv'],
  weights: Tensor,
  {x, y}: {readonly x: Value; readonly y: Value},
): ConvGeometry {
  const [, channelCount = 0] = x.shape;
  const [outputCount = 0] = weights.shape;
  const axisOf = (axis: 0 | 1): ConvAxis => ({
    length: x.shape[2 + axis] as number,
    before: pads[axis],
    after: pads[2 + axis] as number,
    kernel: weights.shape[2 + axis] as number,
    stride: strides[axis],
    dilation: dilations[axis],
    outputLength: y.shape[2 + axis] as number,
  });
  const [vertical, horizontal] = [axisOf(0), axisOf(1)];
  const sizes = {channelCount, outputCount, group};
  const isColumn = paddedLength(horizontal) === 1 && horizontal.kernel === 1;
  if (isColumn) return {...sizes, vertical: {...horizontal, stride: 1, dilation: 1}, horizontal: vertical};
  return {...sizes, vertical, horizontal};
}

/** Length of the image with its padding. */
export function paddedLength({before, length, after}: ConvAxis): number {
  return before + length + after;
}
