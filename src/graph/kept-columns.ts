import type {Graph} from './graph.ts';
import {
  findReusableColumns,
  slidingAlong,
  timeOfInput,
  type LayerReuse,
  type ReuseQuestion,
} from './reusable-columns.ts';
import {tensorOf} from './tensor-of.ts';
import type {Columns, TimeLine} from './time-line.ts';

/** Columns of a tensor that pass from one window to a later one. */
export interface KeptColumns {
  /** Of the tensor, in the network as it is. */
  readonly name: string;
  readonly time: TimeLine;
  /** As the later window counts them. */
  readonly columns: Columns;
  /** Columns from the earlier window's start to the later one's. */
  readonly step: number;
}

/** A network along time, with what passes from one window to a later one. */
export interface TimedGraph {
  readonly graph: Graph;
  readonly layers: readonly LayerReuse[];
  /** Of every tensor that has columns. */
  readonly times: ReadonlyMap<string, TimeLine>;
  readonly kept: readonly KeptColumns[];
}

/**
 * Finds the columns that a window must take from an earlier one, where it computes only those that no earlier one has.
 * @throws RangeError as `findReusableColumns`.
 */
export function findKeptColumns(graph: Graph, question: Omit<ReuseQuestion, 'start'>): TimedGraph {
  const layers = findReusableColumns(graph, {...question, start: 'kept'});
  const times = new Map([[tensorOf(graph, graph.inputs[0]).name, timeOfInput(question)]]);
  for (const {node, time} of layers) {
    if (time) for (const name of node.outputs) times.set(name, time);
  }
  const kept = new Map<string, KeptColumns>();
  const need = (name: string, first: number): void => {
    const time = times.get(name);
    if (!time || first >= (kept.get(name)?.columns.first ?? time.reusable.end)) return;
    const columns = {first, end: time.reusable.end};
    kept.set(name, {name, time, columns, step: question.shift / time.framesPerColumn});
  };
  for (const layer of layers) {
    const first = firstNeeded(graph, layer, times);
    for (const name of layer.node.inputs) need(name, first);
  }
  for (const name of graph.outputs) need(name, 0);
  return {graph, layers, times, kept: [...kept.values()]};
}

/** The first column of its inputs that a node needs for its own new ones; all from where time is mixed as a whole. */
export function firstNeeded(
  graph: Graph,
  {node, time}: LayerReuse,
  times: ReadonlyMap<string, TimeLine>,
): number {
  if (!time) return 0;
  const {end} = time.reusable;
  const inputTime = times.get(node.inputs[0] ?? '');
  const window = inputTime && slidingAlong(graph, node, inputTime);
  return window ? Math.max(0, end * window.stride - window.padBefore) : end;
}
