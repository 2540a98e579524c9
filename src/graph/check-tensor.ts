import {isConstant, type ElementType, type Tensor, type TensorData} from './graph.ts';
import {ModelFormatError} from './model-format-error.ts';
import {quantisedLimits} from './quantisation.ts';
import {checkOpenShape, checkShape, elementCount} from './shape.ts';

const STORAGE: Readonly<Record<ElementType, new () => TensorData>> = {
  float32: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int32: Int32Array,
  int64: Int32Array,
};

/**
 * Refuses a tensor that contradicts itself: its shape, the type and length of its data, its quantisation.
 * @throws ModelFormatError with what was got and what was expected.
 */
export function checkTensor(tensor: Tensor): void {
  const {data, type, shape, name} = tensor;
  checkOpenShape(shape, name);
  if (isConstant(tensor)) checkShape(shape, name);
  if (tensor.load !== undefined) checkLoaded(tensor);
  if (data !== undefined) {
    if (!(data instanceof STORAGE[type])) {
      throw new ModelFormatError(`${data.constructor.name} in ${type} tensor ${name}`, STORAGE[type].name);
    }
    if (data.length !== elementCount(shape)) {
      throw new ModelFormatError(`${data.length} values in ${name}`, `${elementCount(shape)}`);
    }
  }
  checkQuantisation(tensor);
}

function checkLoaded({name, type, data, quantisation}: Tensor): void {
  if (data !== undefined) throw new ModelFormatError(`both data and load of ${name}`, 'one of them');
  if (type === 'float32' && quantisation === undefined) return;
  throw new ModelFormatError(`${type} tensor ${name} to be loaded`, 'float32 without quantisation');
}

function checkQuantisation({name, type, shape, quantisation}: Tensor): void {
  if (quantisation === undefined) return;
  const {scale, zeroPoint, axis} = quantisation;
  if (!Number.isInteger(axis) || axis < 0 || (shape.length > 0 && axis >= shape.length)) {
    throw new ModelFormatError(`quantised dimension ${axis} of ${name}`, `one of its ${shape.length}`);
  }
  if (zeroPoint.length !== scale.length || (scale.length !== 1 && scale.length !== shape[axis])) {
    throw new ModelFormatError(
      `${scale.length} scales and ${zeroPoint.length} zero points of ${name}`,
      `one of each, or ${shape[axis] ?? 1} of each`,
    );
  }
  if (!scale.every((value) => value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new ModelFormatError(`a scale of ${name} that is zero, negative or not finite`, 'positive scales');
  }
  const limits = quantisedLimits(type);
  if (limits !== undefined && !zeroPoint.every((value) => value >= limits[0] && value <= limits[1])) {
    throw new ModelFormatError(`a zero point of ${name} outside ${type}`, `${limits[0]} to ${limits[1]}`);
  }
}
