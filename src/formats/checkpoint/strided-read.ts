import type {SizedRandomAccess} from '../random-access.ts';
import {ELEMENT_BYTES, toFloat32, type ElementType} from './element-types.ts';
import {readExactly} from './file-bytes.ts';

/** Elements of a file that make up a tensor. */
export interface StridedElements {
  readonly type: ElementType;
  /** In elements, from the start of the file. */
  readonly firstElement: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A stretch with gaps is read at once where it is at most this many times what is wanted of it, or this short. */
const GAP_FACTOR = 4;
const SHORT_STRETCH = 4096;

/**
 * Reads the elements of a tensor, row-major whatever order they are stored in.
 * @param what names the tensor in messages.
 * @throws ModelFormatError where the file ends before them.
 */
export async function readStrided(
  file: SizedRandomAccess,
  {type, firstElement, shape, strides}: StridedElements,
  what: string,
): Promise<Float32Array> {
  const elementBytes = ELEMENT_BYTES[type];
  const readStretch = async (first: number, count: number): Promise<Float32Array> =>
    toFloat32(type, await readExactly(file, first * elementBytes, count * elementBytes, what));
  const elementCount = countOf(shape);
  if (elementCount === 0) return new Float32Array(0);
  if (isContiguous(shape, strides)) return readStretch(firstElement, elementCount);
  const out = new Float32Array(elementCount);
  await gather(0, firstElement, 0);
  return out;

  /** Fills `out` from `position` on with what lies from `first` on, by the dimensions from `axis` on. */
  async function gather(axis: number, first: number, position: number): Promise<void> {
    const [inner, innerStrides] = [shape.slice(axis), strides.slice(axis)];
    const span = spanOf(inner, innerStrides);
    if (span <= Math.max(SHORT_STRETCH, GAP_FACTOR * countOf(inner))) {
      copyStrided(await readStretch(first, span), inner, innerStrides, out, position);
      return;
    }
    const [length = 1, ...rest] = inner;
    for (let index = 0; index < length; index++) {
      await gather(axis + 1, first + index * (strides[axis] ?? 0), position + index * countOf(rest));
    }
  }
}

/** Copies strided elements row-major to `out`, from `position` on. */
function copyStrided(
  elements: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
  out: Float32Array,
  position: number,
): void {
  const counter = shape.map(() => 0);
  let element = 0;
  for (let end = position + countOf(shape); position < end; position++) {
    out[position] = elements[element] ?? NaN;
    // to the next element: the last axis counts, and each that is full begins anew and lets the one before count
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [length = 1, stride = 0] = [shape[axis], strides[axis]];
      const index = (counter[axis] = (counter[axis] ?? 0) + 1);
      element += stride;
      if (index < length) break;
      element -= index * stride;
      counter[axis] = 0;
    }
  }
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  return shape.toReversed().every((length, index) => {
    const stride = strides.at(-1 - index);
    const isNext = length === 1 || stride === expected;
    expected *= length;
    return isNext;
  });
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Elements from the first to the last. */
function spanOf(shape: readonly number[], strides: readonly number[]): number {
  return shape.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), 1);
}
