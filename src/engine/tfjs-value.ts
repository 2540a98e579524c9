import {reshape, transpose, type Tensor, type Tensor4D} from '@tensorflow/tfjs-core';

/**
 * A tensor on its way through the network. The graph thinks in channels first (NCHW), TensorFlow.js computes
 * channels last (NHWC): a value of rank 4 stays in the order in which it was computed until somebody needs the
 * other, so that a chain of convolutions never transposes.
 */
export interface Value {
  readonly tensor: Tensor;
  readonly isChannelsLast: boolean; // only ever with rank 4
}

/** Which axis of the graph lies at each place of a channels-last tensor. */
export const CHANNELS_LAST_ORDER = [0, 2, 3, 1] as const;

/** Where each axis of the graph lies in a channels-last tensor. */
export const CHANNELS_LAST_PLACE = [0, 3, 1, 2] as const;

/** A value whose axes lie as the graph says. */
export function channelsFirstValue(tensor: Tensor): Value {
  return {tensor, isChannelsLast: false};
}

/** The value with its axes as the graph says. */
export function toChannelsFirst({tensor, isChannelsLast}: Value): Tensor {
  return isChannelsLast ? reorder(tensor, CHANNELS_LAST_PLACE) : tensor;
}

/** A value of rank 4 with its channels last. */
export function toChannelsLast({tensor, isChannelsLast}: Value): Tensor4D {
  return (isChannelsLast ? tensor : reorder(tensor, CHANNELS_LAST_ORDER)) as Tensor4D;
}

/** Where an axis of the graph lies in the value's tensor; negative axes count from the end. */
export function placeOfAxis({tensor, isChannelsLast}: Value, axis: number): number {
  const positive = axis < 0 ? axis + tensor.rank : axis;
  return isChannelsLast ? (CHANNELS_LAST_PLACE[positive] as number) : positive;
}

/** Transposes; where only axes of length 1 change their place, the memory stays as it is. */
export function reorder(tensor: Tensor, permutation: readonly number[]): Tensor {
  const moving = permutation.filter((axis) => tensor.shape[axis] !== 1);
  const isInOrder = moving.every((axis, index) => index === 0 || axis > (moving[index - 1] as number));
  if (isInOrder)
    return reshape(
      tensor,
      permutation.map((axis) => tensor.shape[axis] as number),
    );
  return transpose(tensor, [...permutation]);
}
