import type {Node, Tensor} from './graph.ts';
import {placesOfColumns, type Columns, type TimeLine} from './time-line.ts';
import {unusedName} from './unused-name.ts';

/** Tensors and nodes of a graph that is being built. */
export interface GraphParts {
  readonly tensors: Map<string, Tensor>;
  readonly nodes: Node[];
}

/** A tensor that holds the columns of another from `first` up to its last. */
export interface Piece {
  readonly of: Tensor;
  readonly time: TimeLine; // of the other
  readonly name: string;
  readonly first: number;
}

/** The shape that this many columns of a tensor have. */
export function shapeOfColumns(shape: readonly number[], time: TimeLine, count: number): readonly number[] {
  const {axis, placesPerColumn} = placesOfColumns(shape, time);
  return shape.with(axis, count * placesPerColumn);
}

/** Adds a tensor for this many columns of another; the name wanted, or one like it where that is taken. */
export function addColumns(
  {tensors}: GraphParts,
  {of, time}: Pick<Piece, 'of' | 'time'>,
  count: number,
  wantedName: string,
): string {
  const name = unusedName(tensors, wantedName);
  tensors.set(name, {...of, name, shape: shapeOfColumns(of.shape, time, count)});
  return name;
}

/** Adds the node that cuts these columns out of a piece, and gives the name of what it computes. */
export function addCut(parts: GraphParts, piece: Piece, columns: Columns, wantedName: string): string {
  const {axis, placesPerColumn} = placesOfColumns(piece.of.shape, piece.time);
  const name = addColumns(parts, piece, columns.end - columns.first, wantedName);
  const placeOf = (column: number): number => (column - piece.first) * placesPerColumn;
  const attributes = {axes: [axis], starts: [placeOf(columns.first)], ends: [placeOf(columns.end)]};
  parts.nodes.push({op: 'Slice', inputs: [piece.name], outputs: [name], attributes});
  return name;
}

/** Adds the node that puts earlier columns before a piece, and gives the piece that begins with them. */
export function addJoined(parts: GraphParts, kept: Piece, newest: Piece): Piece {
  const {of, time} = newest;
  const count = time.columnCount - kept.first;
  const name = kept.first === 0 ? of.name : addColumns(parts, newest, count, `${of.name}/joined`);
  const {axis} = placesOfColumns(of.shape, time);
  parts.nodes.push({op: 'Concat', inputs: [kept.name, newest.name], outputs: [name], attributes: {axis}});
  return {...newest, name, first: kept.first};
}
