import {ModelFormatError} from './model-format-error.ts';
import {formatShape, isSameShape} from './shape.ts';

/** Sizes of a tensor; `ANY_LENGTH` where one is known only when the network runs. */
export type Shape = readonly number[];

/** Whether a value is a whole number of at least 0. */
export function isWholeCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

/**
 * Refuses a dimension that a tensor does not have.
 * @throws ModelFormatError where `axis` is none of `rank` dimensions.
 */
export function requireAxis(op: string, axis: number, rank: number): void {
  if (isWholeCount(axis) && axis < rank) return;
  throw new ModelFormatError(`${op} axis ${axis}`, `an axis of ${rank} dimensions`);
}

/**
 * Refuses a shape that is not the one expected.
 * @throws ModelFormatError where they differ; `what` names what has the first.
 */
export function requireShape(what: string, got: Shape, expected: Shape): void {
  if (isSameShape(got, expected)) return;
  throw new ModelFormatError(`${what} of shape ${formatShape(got)}`, formatShape(expected));
}
