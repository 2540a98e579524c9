import {dequantiseInto, quantiseInto} from '../features/quantise.ts';
import type {Tensor, TensorData} from '../graph/graph.ts';

/**
 * Writes real values as a network's input holds them: in its steps where it is int8, as they are where it is not.
 * @param values [n].
 * @param out [≥ n], of the tensor's element type; written from 0.
 * Any thread. Allocates nothing.
 */
export function writeInput(tensor: Tensor, values: Float32Array, out: Int8Array | Float32Array): void {
  const {quantisation} = tensor;
  if (out instanceof Float32Array || !quantisation) out.set(values);
  else quantiseInto(values, quantisation.scale[0] ?? 1, quantisation.zeroPoint[0] ?? 0, out);
}

/**
 * Writes the real values of what a network gave: out of its steps where it is int8, as they are where it is not.
 * @param values [n].
 * @param out [≥ n], written from 0.
 * Any thread. Allocates nothing.
 */
export function readOutput(tensor: Tensor, values: TensorData, out: Float32Array): void {
  const {quantisation} = tensor;
  if (!(values instanceof Int8Array) || !quantisation) out.set(values);
  else dequantiseInto(values, quantisation.scale[0] ?? 1, quantisation.zeroPoint[0] ?? 0, out);
}
