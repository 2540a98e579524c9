import type {Model} from '../engine/engine.ts';
import type {Tensor} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {countAnyLengths, formatShape, knownElementCount} from '../graph/shape.ts';

/**
 * The first input, or the first output, of a network that takes rows of any number.
 * @param rowLength values of a row.
 * @throws ModelFormatError where it is not float32, or not so many values for each of any length.
 */
export function openTensor({graph}: Model, what: 'input' | 'output', rowLength: number): Tensor {
  const [name = ''] = what === 'input' ? graph.inputs : graph.outputs;
  const tensor = graph.tensors.get(name);
  if (
    tensor?.type === 'float32' &&
    countAnyLengths(tensor.shape) === 1 &&
    knownElementCount(tensor.shape) === rowLength
  ) {
    return tensor;
  }
  throw new ModelFormatError(
    `first ${what} ${name} ${tensor ? `of ${tensor.type} ${formatShape(tensor.shape)}` : '(none)'}`,
    `float32 of any number of rows of ${String(rowLength)} values`,
  );
}
