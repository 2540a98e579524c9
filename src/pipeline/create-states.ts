import type {Model} from '../engine/engine.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {countAnyLengths, elementCount, formatShape, isSameShape} from '../graph/shape.ts';
import {tensorOf} from '../graph/tensor-of.ts';

/**
 * The states that a network carries, zeros: one for each input behind the first, in their order. Allocates.
 * @throws ModelFormatError where an input has no output of its position, type and shape, or any length.
 */
export function createStates({graph}: Model): readonly Float32Array[] {
  const {inputs, outputs} = graph;
  if (inputs.length !== outputs.length) {
    throw new ModelFormatError(
      `${String(inputs.length)} inputs and ${String(outputs.length)} outputs`,
      'as many outputs as inputs: the features and states, the logits and what becomes of the states',
    );
  }
  return inputs.slice(1).map((name, index) => {
    const before = tensorOf(graph, name);
    const after = tensorOf(graph, outputs[index + 1] ?? '');
    const areFloats = before.type === 'float32' && after.type === 'float32';
    if (areFloats && isSameShape(before.shape, after.shape) && countAnyLengths(before.shape) === 0) {
      return new Float32Array(elementCount(before.shape));
    }
    throw new ModelFormatError(
      `state ${name} of ${before.type} ${formatShape(before.shape)} and ${after.type} ${formatShape(after.shape)} after it`,
      'float32 of one known shape',
    );
  });
}
