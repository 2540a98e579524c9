import type {Graph, Tensor} from './graph.ts';

/** The same network with the values of all its constants at hand: for networks that fit into memory several times. */
export async function loadConstants(graph: Graph): Promise<Graph> {
  const tensors = new Map<string, Tensor>();
  for (const [name, tensor] of graph.tensors) tensors.set(name, await loaded(tensor));
  return {...graph, tensors};
}

async function loaded({load, ...tensor}: Tensor): Promise<Tensor> {
  return load === undefined ? tensor : {...tensor, data: await load()};
}
