import {addColumns, addCut, addJoined, shapeOfColumns, type GraphParts, type Piece} from './column-pieces.ts';
import type {Graph, Node, Pads} from './graph.ts';
import {firstNeeded, type TimedGraph} from './kept-columns.ts';
import {pruneGraph} from './prune-graph.ts';
import {slidingAlong, type LayerReuse} from './reusable-columns.ts';
import {tensorOf} from './tensor-of.ts';

/** The network while it is being built. */
interface Continued extends TimedGraph, GraphParts {
  /** The kept columns of each tensor that has some, as the network takes them. */
  readonly keptInputs: Map<string, Piece>;
  /** What there is of each tensor that has columns, the shortest piece first. */
  readonly pieces: Map<string, readonly Piece[]>;
}

/** The network for a window that takes the kept columns from an earlier one: see `KeptStart.continued`. */
export function buildContinued(timed: TimedGraph): Graph {
  const {graph, layers, kept} = timed;
  const tensors = new Map(graph.tensors);
  const continued: Continued = {...timed, tensors, nodes: [], keptInputs: new Map(), pieces: new Map()};
  const frames = newestColumns(continued, graph.inputs[0] ?? '');
  for (const {name, time, columns} of kept) {
    const of = tensorOf(graph, name);
    const input = addColumns(continued, {of, time}, columns.end - columns.first, `${name}/kept`);
    continued.keptInputs.set(name, {of, time, name: input, first: columns.first});
  }
  if (frames) addPieces(continued, frames);
  for (const layer of layers) addLayer(continued, layer);
  const outputs = graph.outputs.map((name) => columnsFrom(continued, name, 0));
  const given = kept.map(({name, columns: {first, end}, step}) => {
    const longest = continued.pieces.get(name)?.at(-1) as Piece;
    return addCut(continued, longest, {first: first + step, end: end + step}, `${name}/next`);
  });
  return pruneGraph({
    name: graph.name,
    inputs: [frames?.name ?? '', ...[...continued.keptInputs.values()].map(({name}) => name)],
    outputs: [...outputs, ...given],
    tensors,
    nodes: continued.nodes,
  });
}

/** Adds the node, for its new columns only where it has columns. */
function addLayer(continued: Continued, layer: LayerReuse): void {
  const {node} = layer;
  const first = firstNeeded(continued.graph, layer, continued.times);
  const inputs = node.inputs.map((name) => columnsFrom(continued, name, first));
  const newest = newestColumns(continued, node.outputs[0] ?? '');
  const outputs = newest ? [newest.name] : node.outputs;
  continued.nodes.push({...node, inputs, outputs, attributes: attributesOf(continued, layer)} as Node);
  if (newest) addPieces(continued, newest);
}

function attributesOf({graph, times}: Continued, {node, time}: LayerReuse): Node['attributes'] {
  if (!time) return node.attributes;
  const {end} = time.reusable;
  if (node.op === 'Reshape') {
    return {shape: shapeOfColumns(node.attributes.shape, time, time.columnCount - end)};
  }
  const inputTime = times.get(node.inputs[0] ?? '');
  const window = inputTime && slidingAlong(graph, node, inputTime);
  if (!window || !('pads' in node.attributes)) return node.attributes;
  const padBefore = Math.max(0, window.padBefore - end * window.stride); // what is kept stands where padding was
  const pads = node.attributes.pads.with(window.axis - 2, padBefore) as unknown as Pads;
  return {...node.attributes, pads};
}

/** A tensor for the new columns of another; that one itself where all are new. Undefined where it has no columns. */
function newestColumns(continued: Continued, name: string): Piece | undefined {
  const time = continued.times.get(name);
  if (!time) return undefined;
  const of = tensorOf(continued.graph, name);
  const first = time.reusable.end;
  const isWhole = first === 0;
  const count = time.columnCount - first;
  return {
    of,
    time,
    first,
    name: isWhole ? name : addColumns(continued, {of, time}, count, `${name}/newest`),
  };
}

function addPieces(continued: Continued, newest: Piece): void {
  const kept = continued.keptInputs.get(newest.of.name);
  const pieces = kept ? [newest, addJoined(continued, kept, newest)] : [newest];
  continued.pieces.set(newest.of.name, pieces);
}

/** Name of a tensor that holds the columns of this one from `first` on; its own where it has no columns. */
function columnsFrom(continued: Continued, name: string, first: number): string {
  const piece = continued.pieces.get(name)?.find((candidate) => candidate.first <= first);
  if (!piece || piece.first === first) return piece?.name ?? name;
  return addCut(continued, piece, {first, end: piece.time.columnCount}, `${name}/from`);
}
