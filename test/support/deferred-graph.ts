import type {Graph, Node} from '../../src/graph/graph.ts';
import {ANY_LENGTH} from '../../src/graph/shape.ts';
import {graphOf, node, type TensorSpec} from './graph-builder.ts';

/** A chain of matrix products, [any × width] each, whose square matrices are read when the network is written. */
export function deferredChain(
  count: number,
  width: number,
  load: (index: number) => Promise<Float32Array>,
): Graph {
  const shape = [ANY_LENGTH, width];
  const names = Array.from({length: count + 1}, (_, index) =>
    index === count ? 'y' : index === 0 ? 'x' : `h${index}`,
  );
  const tensors: Record<string, TensorSpec> = Object.fromEntries(names.map((name) => [name, {shape}]));
  const nodes = Array.from({length: count}, (_, index): Node => {
    tensors[`w${index}`] = {shape: [width, width], load: () => load(index)};
    return node('MatMul', [names[index] ?? '', `w${index}`], names[index + 1] ?? '', {});
  });
  return graphOf(tensors, nodes);
}
