import type {Graph, Node} from '../graph/graph.ts';
import {fusedActivation, type FusedActivation} from './tfjs-weighted-ops.ts';

/** A node, with the activation that its kernel applies as well, and the name of what both give. */
export interface Layer {
  readonly node: Node;
  readonly activation: FusedActivation;
  readonly output: string;
}

/** The nodes in their order; a convolution or Gemm takes in the activation that alone uses its result. */
export function mergeActivations(graph: Graph): readonly Layer[] {
  const merged = new Set<Node>();
  return graph.nodes.flatMap((node): readonly Layer[] => {
    if (merged.has(node)) return [];
    const [output = ''] = node.outputs;
    const user = node.op === 'Conv' || node.op === 'Gemm' ? onlyUser(graph, output) : undefined;
    const activation = user && fusedActivation(user);
    if (!user || !activation) return [{node, activation: {}, output}];
    merged.add(user);
    return [{node, activation, output: user.outputs[0] ?? ''}];
  });
}

function onlyUser(graph: Graph, name: string): Node | undefined {
  if (graph.outputs.includes(name)) return undefined;
  const users = graph.nodes.filter(({inputs}) => inputs.includes(name));
  return users.length === 1 ? users[0] : undefined;
}
