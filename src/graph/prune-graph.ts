import type {Graph, Node, Tensor} from './graph.ts';

/** The graph without the nodes and tensors that its outputs do not need; its inputs always stay. */
export function pruneGraph(graph: Graph): Graph {
  const needed = new Set<string>(graph.outputs);
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    for (const name of node.inputs) needed.add(name);
    nodes.push(node);
  }
  for (const name of graph.inputs) needed.add(name);
  const tensors = new Map<string, Tensor>();
  for (const [name, tensor] of graph.tensors) if (needed.has(name)) tensors.set(name, tensor);
  return {...graph, tensors, nodes: nodes.reverse()};
}
