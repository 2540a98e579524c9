/** Real numbers with a shape, row-major. */
export interface Reals {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** The element at a place; undefined where the place lies outside. */
export function at({shape, data}: Reals, place: readonly number[]): number | undefined {
  let index = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const along = place[axis]!;
    if (along < 0 || along >= shape[axis]!) return undefined;
    index = index * shape[axis]! + along;
  }
  return data[index];
}

/** The element that stands at a place of the shape that `x` is broadcast to. */
export function broadcastAt(x: Reals, place: readonly number[]): number {
  const aligned = place.slice(place.length - x.shape.length);
  return at(
    x,
    aligned.map((index, axis) => (x.shape[axis] === 1 ? 0 : index)),
  )!;
}

/** An array from what stands at each place. */
export function fill(shape: readonly number[], valueAt: (place: number[]) => number): Reals {
  const values: number[] = [];
  eachPlace(shape, (place) => values.push(valueAt(place)));
  return {shape, data: Float64Array.from(values)};
}

/** The same shape with each element changed. */
export function map({shape, data}: Reals, change: (value: number) => number): Reals {
  return {shape, data: data.map(change)};
}

/** The arithmetic mean. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Visits every place of a shape, the last dimension fastest. */
export function eachPlace(
  shape: readonly number[],
  visit: (place: number[]) => void,
  prefix: number[] = [],
): void {
  if (prefix.length === shape.length) return visit(prefix);
  for (let index = 0; index < shape[prefix.length]!; index++) eachPlace(shape, visit, [...prefix, index]);
}
