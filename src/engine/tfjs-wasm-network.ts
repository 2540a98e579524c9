import type {Graph} from '../graph/graph.ts';
import {isPlannable, PlannedTfjsNetwork} from './planned-tfjs-network.ts';
import {TfjsNetwork} from './tfjs-network.ts';

/** A network with its weights in TensorFlow.js's memory. */
export type RunnableTfjsNetwork = Pick<TfjsNetwork, 'run' | 'dispose'>;

/** A graph ready to run in TensorFlow.js's WebAssembly, which is started: planned where it can be. */
export function createTfjsWasmNetwork(graph: Graph): RunnableTfjsNetwork {
  return isPlannable(graph) ? new PlannedTfjsNetwork(graph) : new TfjsNetwork(graph, 'wasm');
}
