import {ModelFormatError} from './model-format-error.ts';

/** Most dimensions a tensor may have. */
export const MAX_RANK = 8;

/** Most values one tensor may hold: 2²⁶ (256 MiB of float32), far above any speech network of this project. */
export const MAX_ELEMENT_COUNT = 2 ** 26;

/**
 * A size that is known only when the network runs: the length of an utterance. Sizes that a graph computes from it are
 * ANY_LENGTH too; two of them that meet (in a sum, a product of matrices) are taken to be the same.
 */
export const ANY_LENGTH = -1;

/** How many sizes of a shape are {@link ANY_LENGTH}. */
export function countAnyLengths(shape: readonly number[]): number {
  return shape.filter((size) => size === ANY_LENGTH).length;
}

/** The product of the sizes that are known before the network runs. */
export function knownElementCount(shape: readonly number[]): number {
  return elementCount(shape.filter((size) => size !== ANY_LENGTH));
}

/**
 * The shape with its one size of any length told by how many values there are.
 * @param count of the values.
 * @returns undefined where no length gives as many.
 */
export function shapeOfValues(shape: readonly number[], count: number): readonly number[] | undefined {
  const length = count / knownElementCount(shape);
  const resolved = shape.map((size) => (size === ANY_LENGTH ? length : size));
  return Number.isInteger(length) && length > 0 && elementCount(resolved) === count ? resolved : undefined;
}

/**
 * How many values a tensor of this shape holds; 1 for a scalar. May exceed {@link MAX_ELEMENT_COUNT}. Every size is known:
 * for others see {@link knownElementCount}.
 */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

/** Axes, pads and the like as messages show them: `[0, 2]`. */
export function formatNumbers(values: readonly (number | string)[]): string {
  return `[${values.join(', ')}]`;
}

/** A shape as messages show it: `[1, 49, 10, 1]`, `[1, any, 161]`. */
export function formatShape(shape: readonly number[]): string {
  return formatNumbers(shape.map((size) => (size === ANY_LENGTH ? 'any' : size)));
}

/** Whether two shapes are the same, rank included. */
export function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, dimension) => size === b[dimension]);
}

/**
 * Refuses a shape that no tensor can have, sizes that are known only when the network runs aside.
 * @throws ModelFormatError as {@link checkShape}.
 */
export function checkOpenShape(shape: readonly number[], what: string): void {
  checkShape(
    shape.map((size) => (size === ANY_LENGTH ? 1 : size)),
    what,
  );
}

/**
 * Refuses a shape that no tensor of known sizes can have.
 * @param what names the tensor in the message.
 * @throws ModelFormatError for more than {@link MAX_RANK} dimensions, a size that is not a positive whole
 * number, or more than {@link MAX_ELEMENT_COUNT} values.
 */
export function checkShape(shape: readonly number[], what: string): void {
  if (shape.length > MAX_RANK) {
    throw new ModelFormatError(`${shape.length} dimensions in ${what}`, `at most ${MAX_RANK}`);
  }
  if (!shape.every((size) => Number.isInteger(size) && size > 0)) {
    throw new ModelFormatError(`shape ${formatShape(shape)} of ${what}`, 'positive whole sizes');
  }
  if (elementCount(shape) > MAX_ELEMENT_COUNT) {
    throw new ModelFormatError(
      `shape ${formatShape(shape)} of ${what}`,
      `at most ${MAX_ELEMENT_COUNT} values in a tensor`,
    );
  }
}

/**
 * The shape both operands are stretched to, by NumPy's rule: aligned at the last dimension, size 1 stretches.
 * @throws ModelFormatError where two sizes differ and neither is 1; any length differs from every known one.
 */
export function broadcastShapes(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({length: rank}, (_, dimension) => {
    const sizeA = a[dimension - (rank - a.length)] ?? 1;
    const sizeB = b[dimension - (rank - b.length)] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new ModelFormatError(
        `operands of shapes ${formatShape(a)} and ${formatShape(b)}`,
        'shapes that broadcast to one another',
      );
    }
    return sizeA === 1 ? sizeB : sizeA;
  });
}
