import type {Tensor} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {productScale, type OneScale} from '../../graph/quantised-scales.ts';

/** How many outputs lie side by side in packed weights: those a kernel computes at a time. */
export const BLOCK_OUTPUTS = 8;

/** What a layer multiplies and adds, as the graph has it. */
export interface LayerTensors {
  readonly weights: Tensor; // int8, the outputs along axis 0
  readonly bias: Tensor | undefined; // int32 [outputs]
  readonly x: OneScale;
  readonly y: OneScale;
}

/** The same for outputs `first` to `first + outputCount − 1`, in the order that the kernels read. */
export interface PackedLayer {
  /** weightOf(output, k) for k below depth; see the kernels for the order. */
  readonly weights: Int8Array | Int16Array;
  readonly bias: Int32Array; // [outputs, up to a multiple of 8]
  readonly scale: Float32Array; // as many
}

/** Which outputs of a layer, and the terms of each sum: `indexOf` gives where term k of an output lies in the weights. */
export interface PackedRange {
  readonly first: number;
  readonly outputCount: number;
  readonly depth: number;
  readonly indexOf: (output: number, k: number) => number;
}

/**
 * Packs weights as pairs of neighbours of the depth: [outputs / 8][depth / 2][8][2], zeros where there are none. The
 * zero point of the input, which every product would have to take off, is taken off the bias.
 * The scale is XNNPACK's: float32 throughout.
 */
export function packLayer<Weights extends Int8Array | Int16Array>(
  {weights, bias, x, y}: LayerTensors,
  {first, outputCount, depth, indexOf}: PackedRange,
  Storage: new (length: number) => Weights,
): PackedLayer & {readonly weights: Weights} {
  const scales = weights.quantisation?.scale ?? new Float32Array(0);
  const blockCount = Math.ceil(outputCount / BLOCK_OUTPUTS);
  const pairCount = Math.ceil(depth / 2);
  const packed = {
    weights: new Storage(blockCount * pairCount * BLOCK_OUTPUTS * 2),
    bias: new Int32Array(blockCount * BLOCK_OUTPUTS),
    scale: new Float32Array(blockCount * BLOCK_OUTPUTS),
  };
  const data = weights.data as Int8Array;
  for (let index = 0; index < outputCount; index++) {
    const output = first + index;
    const block = Math.floor(index / BLOCK_OUTPUTS) * pairCount;
    let sum = 0;
    for (let k = 0; k < depth; k++) {
      const weight = data[indexOf(output, k)] as number;
      const pair = (block + (k >> 1)) * BLOCK_OUTPUTS + (index % BLOCK_OUTPUTS);
      packed.weights[2 * pair + (k & 1)] = weight;
      sum += weight;
    }
    packed.bias[index] = (bias?.data?.[output] ?? 0) - x.zeroPoint * sum;
    const scale = scales[scales.length === 1 ? 0 : output] as number;
    packed.scale[index] = productScale(x, {scale}, y);
  }
  return packed;
}

/**
 * Refuses weights that are computed, or not int8 with zero points of 0.
 * @throws ModelFormatError
 */
export function requirePlainWeights(weights: Tensor): void {
  if (!(weights.data instanceof Int8Array) || !weights.quantisation) {
    throw new ModelFormatError(
      `weights ${weights.name} of ${weights.type}`,
      'constant int8 weights with their scales',
    );
  }
  if (hasZeroPoints(weights)) {
    throw new ModelFormatError(`a zero point of the weights ${weights.name}`, 'zero points of 0');
  }
}

/** Whether weights have a zero point that is not 0. */
export function hasZeroPoints({quantisation}: Tensor): boolean {
  return quantisation?.zeroPoint.some((value) => value !== 0) ?? false;
}
