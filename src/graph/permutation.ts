import type {Quantisation, Tensor, TensorData} from './graph.ts';
import {elementCount} from './shape.ts';

/** NHWC → NCHW: dimension `d` of the result is dimension `CHANNELS_FIRST[d]` of the source. */
export const CHANNELS_FIRST: readonly number[] = [0, 3, 1, 2];

/** NCHW → NHWC, the inverse of {@link CHANNELS_FIRST}. */
export const CHANNELS_LAST: readonly number[] = [0, 2, 3, 1];

/** Whether `permutation` names each of `rank` dimensions once. */
export function isPermutation(permutation: readonly number[], rank: number): boolean {
  return (
    permutation.length === rank &&
    new Set(permutation).size === rank &&
    permutation.every((dimension) => Number.isInteger(dimension) && dimension >= 0 && dimension < rank)
  );
}

/** The sizes (or any list with one entry per dimension) after a transpose: result[d] = list[permutation[d]]. */
export function permute<T>(list: readonly T[], permutation: readonly number[]): T[] {
  return permutation.map((dimension) => list[dimension] as T);
}

/** The one permutation that does `first`, then `second`. */
export function composePermutations(first: readonly number[], second: readonly number[]): number[] {
  return permute(first, second);
}

/** The permutation that undoes `permutation`. */
export function invertPermutation(permutation: readonly number[]): number[] {
  return permutation.map((_, dimension) => permutation.indexOf(dimension));
}

/**
 * Whether transposing a tensor of this shape leaves its values in the same order in memory, because only
 * dimensions of size 1 change place relative to the others; such a transpose is a reshape.
 */
export function keepsMemoryOrder(shape: readonly number[], permutation: readonly number[]): boolean {
  const moved = permutation.filter((dimension) => shape[dimension] !== 1);
  return moved.every((dimension, index) => index === 0 || dimension > (moved[index - 1] as number));
}

/**
 * A constant transposed: same values, `shape[d] = source.shape[permutation[d]]`, quantisation axis moved along.
 * The data is shared with the source where the order in memory stays, and one fresh copy otherwise.
 */
export function permuteConstant(
  source: Tensor & {data: TensorData},
  permutation: readonly number[],
  name: string,
): Tensor & {data: TensorData} {
  const data = keepsMemoryOrder(source.shape, permutation)
    ? source.data
    : permuteData(source.data, source.shape, permutation);
  const permuted = {name, type: source.type, shape: permute(source.shape, permutation), data};
  return source.quantisation === undefined
    ? permuted
    : {...permuted, quantisation: permuteQuantisation(source.quantisation, permutation)};
}

/** The same quantisation with its channel axis where a transpose puts it. */
export function permuteQuantisation(
  quantisation: Quantisation,
  permutation: readonly number[],
): Quantisation {
  const isPerTensor = quantisation.scale.length === 1;
  return isPerTensor ? quantisation : {...quantisation, axis: permutation.indexOf(quantisation.axis)};
}

/** Row-major values of a transposed array, in a fresh array of the same type. */
export function permuteData<T extends TensorData>(
  data: T,
  shape: readonly number[],
  permutation: readonly number[],
): T {
  const sourceStrides = permute(rowMajorStrides(shape), permutation);
  const sizes = permute(shape, permutation);
  const rank = sizes.length;
  const index = new Array<number>(rank).fill(0);
  const count = elementCount(shape);
  const result = new (data.constructor as new (length: number) => T)(count);
  let source = 0;
  for (let target = 0; target < count; target++) {
    result[target] = data[source] as number;
    // count up like an odometer, last dimension fastest, keeping `source` in step
    for (let dimension = rank - 1; dimension >= 0; dimension--) {
      const next = (index[dimension] as number) + 1;
      source += sourceStrides[dimension] as number;
      if (next < (sizes[dimension] as number)) {
        index[dimension] = next;
        break;
      }
      source -= next * (sourceStrides[dimension] as number);
      index[dimension] = 0;
    }
  }
  return result;
}

function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, dimension) => elementCount(shape.slice(dimension + 1)));
}
