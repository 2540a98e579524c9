import {elementCount} from './shape.ts';

/** Columns of a tensor along time, from `first` up to, not including, `end`; none where they are equal. */
export interface Columns {
  readonly first: number;
  readonly end: number;
}

/** A tensor along time: values lie row-major as [outerCount × columnCount × the rest]. */
export interface TimeLine {
  readonly outerCount: number;
  readonly columnCount: number;
  /** Frames from one column to the next: the product of the strides so far. */
  readonly framesPerColumn: number;
  /** Columns whose values an earlier window has too, to the bit: column c is its c + shift / framesPerColumn. */
  readonly reusable: Columns;
}

/** How many columns these are. */
export function countColumns({first, end}: Columns): number {
  return end - first;
}

/** The dimension that is time; −1 where time is no dimension of its own. */
export function timeAxis(shape: readonly number[], {outerCount, columnCount}: TimeLine): number {
  return shape.findIndex(
    (size, axis) => size === columnCount && elementCount(shape.slice(0, axis)) === outerCount,
  );
}

/** Where columns lie in a shape; a dimension of its own holds one place a column, a flattened one several. */
export interface ColumnPlaces {
  readonly axis: number;
  readonly placesPerColumn: number;
}

/**
 * Finds where columns lie in the shape of a tensor with this time.
 * @throws RangeError where no dimension holds whole columns.
 */
export function placesOfColumns(shape: readonly number[], {outerCount, columnCount}: TimeLine): ColumnPlaces {
  const axis = shape.findIndex(
    (size, index) => size % columnCount === 0 && elementCount(shape.slice(0, index)) === outerCount,
  );
  const size = shape[axis];
  if (size === undefined) {
    throw new RangeError(`got [${shape.join(', ')}], expected a dimension of whole ${columnCount} columns`);
  }
  return {axis, placesPerColumn: size / columnCount};
}
