import type {SafetensorsTensor} from '../formats/safetensors.ts';
import {dequantiseData} from '../graph/dequantise-tensor.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';

/** Tensors by name, as the reader of the file gives them. */
export type Weights = ReadonlyMap<string, SafetensorsTensor>;

/**
 * The values of a float tensor of the file, row-major; shares its memory.
 * @throws ModelFormatError where it is missing, of another shape or neither F16 nor F32.
 */
export function readFloats(weights: Weights, name: string, shape: readonly number[]): Float32Array {
  const found = weights.get(name);
  if (!found || !(found.data instanceof Float32Array) || !isOfShape(found, shape)) {
    throw new ModelFormatError(describe(name, found), `"${name}" as F16 or F32 [${shape.join(', ')}]`);
  }
  return found.data;
}

/**
 * The values of a layer's weight [outputs, …], row-major: F16 and F32 as they are, I8 times the F32 tensor
 * `<name>.scale` [outputs], weight = scale[output] · q. Any thread; once, when the network is built.
 * @throws ModelFormatError where weight or scale is missing, of another shape or type, or a scale is not finite and
 * above 0.
 */
export function readWeight(weights: Weights, name: string, shape: readonly number[]): Float32Array {
  const found = weights.get(name);
  if (!found || !isOfShape(found, shape) || !['F16', 'F32', 'I8'].includes(found.type)) {
    throw new ModelFormatError(describe(name, found), `"${name}" as F16, F32 or I8 [${shape.join(', ')}]`);
  }
  if (found.type !== 'I8') return readFloats(weights, name, shape);
  const scale = readScale(weights, `${name}.scale`, shape[0] ?? 1);
  const quantisation = {scale, zeroPoint: new Int32Array(scale.length), axis: 0};
  return dequantiseData({name, type: 'int8', shape, data: found.data, quantisation});
}

function readScale(weights: Weights, name: string, outputCount: number): Float32Array {
  const found = weights.get(name);
  if (found?.type !== 'F32' || !isOfShape(found, [outputCount])) {
    throw new ModelFormatError(describe(name, found), `"${name}" as F32 [${outputCount}]`);
  }
  const scale = readFloats(weights, name, [outputCount]);
  const strange = scale.find((value) => !(value > 0 && value < Infinity));
  if (strange !== undefined) {
    throw new ModelFormatError(`${strange} in "${name}"`, 'scales that are finite and above 0');
  }
  return scale;
}

function isOfShape(tensor: SafetensorsTensor, shape: readonly number[]): boolean {
  return tensor.shape.join() === shape.join();
}

function describe(name: string, tensor: SafetensorsTensor | undefined): string {
  return tensor ? `"${name}" as ${tensor.type} [${tensor.shape.join(', ')}]` : `no "${name}"`;
}
