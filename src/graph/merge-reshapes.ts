import type {Graph, Node, Tensor} from './graph.ts';
import {isSameShape} from './shape.ts';

/**
 * The same network where a Reshape of a Reshape reads the first one's source, and a Reshape to the shape that
 * its source has is gone (except where it writes a graph output). Nodes left without a reader stay: see
 * `pruneGraph`.
 */
export function mergeReshapes(graph: Graph): Graph {
  const origins = new Map<string, string>(); // what a Reshape's output was before all reshaping
  const renamed = new Map<string, string>(); // outputs of Reshapes that change nothing
  const nodes: Node[] = [];
  for (const original of graph.nodes) {
    const node = {...original, inputs: original.inputs.map((name) => renamed.get(name) ?? name)};
    if (node.op !== 'Reshape') {
      nodes.push(node);
      continue;
    }
    const [input, output] = [node.inputs[0] as string, node.outputs[0] as string];
    const origin = origins.get(input) ?? input;
    const {shape} = graph.tensors.get(origin) as Tensor;
    if (isSameShape(shape, node.attributes.shape) && !graph.outputs.includes(output)) {
      renamed.set(output, origin);
      continue;
    }
    origins.set(output, origin);
    nodes.push({...node, inputs: [origin]});
  }
  return {...graph, nodes};
}
