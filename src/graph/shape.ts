import {ModelFormatError} from './model-format-error.ts';

/** Most dimensions a tensor may have. */
export const MAX_RANK = 8;

/** Most values one tensor may hold: 2²⁶ (256 MiB of float32), far above any speech network of this project. */
export const MAX_ELEMENT_COUNT = 2 ** 26;

/** How many values a tensor of this shape holds; 1 for a scalar. May exceed {@link MAX_ELEMENT_COUNT}. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

/** A shape as messages show it: `[1, 49, 10, 1]`. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** Whether two shapes are the same, rank included. */
export function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, dimension) => size === b[dimension]);
}

/**
 * Refuses a shape that no tensor can have.
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
 * @throws ModelFormatError where two sizes differ and neither is 1.
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
