import type {Graph} from '../graph/graph.ts';
import {tensorOf} from '../graph/tensor-of.ts';
import type {ValueRecord} from './manifest.ts';

/** What a manifest says of some tensors of a graph. */
export function valuesOf(graph: Graph, names: readonly string[]): readonly ValueRecord[] {
  return names.map((tensorName) => {
    const {name, type, shape} = tensorOf(graph, tensorName);
    return {name, type, shape};
  });
}
