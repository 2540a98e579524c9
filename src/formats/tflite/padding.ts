import type {Pads} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {PADDING} from './schema.ts';

/** A window that slides over a plane: each pair is [height, width]. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
}

/**
 * TFLite's SAME or VALID as explicit pads.
 * SAME makes ⌈size / stride⌉ places; the odd cell goes behind (tensorflow/lite/kernels/padding.h).
 * @param padding number in the schema.
 * @param plane [height, width] of the input.
 * @throws ModelFormatError for another padding, or a window with a side that is not positive.
 */
export function explicitPads(padding: number, plane: readonly [number, number], window: Window): Pads {
  const {kernel, strides, dilations} = window;
  const sides = [...kernel, ...strides, ...dilations];
  if (sides.some((side) => side < 1)) {
    throw new ModelFormatError(`kernel, strides and dilations ${sides.join(', ')}`, 'at least 1 each');
  }
  if (padding === PADDING.valid) return [0, 0, 0, 0];
  if (padding !== PADDING.same) throw new ModelFormatError(`padding ${padding}`, 'SAME (0) or VALID (1)');
  const [top, bottom] = samePads(plane[0], kernel[0], strides[0], dilations[0]);
  const [left, right] = samePads(plane[1], kernel[1], strides[1], dilations[1]);
  return [top, left, bottom, right];
}

function samePads(size: number, kernel: number, stride: number, dilation: number): [number, number] {
  const span = (kernel - 1) * dilation + 1;
  const places = Math.ceil(size / stride);
  const total = Math.max(0, (places - 1) * stride + span - size);
  const before = Math.floor(total / 2);
  return [before, total - before];
}
