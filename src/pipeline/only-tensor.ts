import type {Model} from '../engine/engine.ts';
import type {Tensor} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {elementCount} from '../graph/shape.ts';

/**
 * The one input, or the one output, of a network, of the size that a system needs.
 * @throws ModelFormatError where there are several, or it has another size.
 */
export function onlyTensor({graph}: Model, what: 'input' | 'output', count: number): Tensor {
  const names = what === 'input' ? graph.inputs : graph.outputs;
  const tensor = names.length === 1 ? graph.tensors.get(names[0] ?? '') : undefined;
  if (tensor && elementCount(tensor.shape) === count) return tensor;
  const got = names.map((name) => `${name} [${String(graph.tensors.get(name)?.shape)}]`).join(', ');
  throw new ModelFormatError(`${what} ${got}`, `one ${what} of ${String(count)} values`);
}
