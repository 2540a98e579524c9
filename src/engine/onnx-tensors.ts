import type {Tensor as OnnxTensor} from 'onnxruntime-web/wasm';
import {isShifted, shiftToInt8, shiftToUint8, storedType} from '../formats/onnx/uint8-shift.ts';
import type {Tensor, TensorData} from '../graph/graph.ts';
import {shapeOfValues} from '../graph/shape.ts';
import type {Runtime} from './onnx-runtime.ts';

/**
 * Values of a graph's input as onnxruntime-web takes them: quantised int8 as uint8, 128 higher. How many they are tells
 * the size of any length.
 */
export function toOnnxTensor(runtime: Runtime, tensor: Tensor, values: TensorData): OnnxTensor {
  const shape = shapeOfValues(tensor.shape, values.length) ?? tensor.shape;
  if (tensor.type === 'int64') return new runtime.Tensor('int64', Array.from(values), shape);
  return new runtime.Tensor(storedType(tensor), isShifted(tensor) ? shiftToUint8(values) : values, shape);
}

/** Values of a graph's output as the graph states them. */
export function fromOnnxTensor(tensor: Tensor, result: OnnxTensor): TensorData {
  const {data} = result;
  if (data instanceof BigInt64Array) return Int32Array.from(data, Number);
  return isShifted(tensor) ? shiftToInt8(data as TensorData) : (data as TensorData);
}
