import type {Graph, Tensor} from './graph.ts';
import {ModelFormatError} from './model-format-error.ts';

/**
 * The tensor of that name.
 * @throws ModelFormatError where the graph has none.
 */
export function tensorOf(graph: Graph, name: string | undefined): Tensor {
  const tensor = name === undefined ? undefined : graph.tensors.get(name);
  if (!tensor) throw new ModelFormatError(`no tensor ${String(name)}`, `a tensor of graph ${graph.name}`);
  return tensor;
}
