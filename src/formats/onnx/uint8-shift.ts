import type {ElementType, Tensor, TensorData} from '../../graph/graph.ts';

/**
 * Quantised int8 activations are stored as uint8 with every value and the zero point 128 higher: the same real
 * numbers. onnxruntime-web has fast kernels for uint8 activations with int8 weights only; with int8 activations
 * one layer takes 7 to 15 times as long (docs/decisions/0005). Weights stay int8.
 */
export const UINT8_SHIFT = 128;

type Stored = Pick<Tensor, 'type' | 'quantisation'>;

/** Whether the ONNX network holds the tensor shifted. */
export function isShifted({type, quantisation}: Stored): boolean {
  return type === 'int8' && quantisation !== undefined;
}

/** Element type that the tensor has in the ONNX network. */
export function storedType(tensor: Stored): ElementType {
  return isShifted(tensor) ? 'uint8' : tensor.type;
}

/** Turns int8 values into the uint8 values that stand for them. */
export function shiftToUint8(values: TensorData): Uint8Array {
  const shifted = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++) shifted[index] = (values[index] ?? 0) + UINT8_SHIFT;
  return shifted;
}

/** Turns uint8 values back into the int8 values that they stand for. */
export function shiftToInt8(values: TensorData): Int8Array {
  const shifted = new Int8Array(values.length);
  for (let index = 0; index < values.length; index++) shifted[index] = (values[index] ?? 0) - UINT8_SHIFT;
  return shifted;
}
