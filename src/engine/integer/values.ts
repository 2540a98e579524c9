import type {ElementType} from '../../graph/graph.ts';
import {elementCount} from '../../graph/shape.ts';
import type {Buffer} from './blocks.ts';

/**
 * A tensor on its way through the network. The graph thinks in channels first; here a tensor lies in the order in which
 * it was computed until somebody needs another, so that transposing costs nothing and convolutions, which compute
 * channels last, follow one another as they are.
 */
export interface Value {
  readonly buffer: Buffer;
  readonly type: ElementType;
  readonly shape: readonly number[]; // as the graph has it
  readonly order: readonly number[]; // the graph's axes as they lie in memory, the slowest first
}

/** The order of the graph's own axes. */
export function graphOrder(rank: number): readonly number[] {
  return Array.from({length: rank}, (_, axis) => axis);
}

/** Bytes of one element as it lies in memory. */
export function elementBytes(type: ElementType): number {
  return type === 'int8' || type === 'uint8' ? 1 : 4;
}

/** Bytes of a whole tensor. */
export function bytesOf({type, shape}: Pick<Value, 'type' | 'shape'>): number {
  return elementBytes(type) * elementCount(shape);
}

/** Bytes from one element to the next along each axis of the graph. */
export function stridesOf({type, shape, order}: Omit<Value, 'buffer'>): readonly number[] {
  const strides = new Array<number>(shape.length).fill(0);
  let stride = elementBytes(type);
  for (const axis of order.toReversed()) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

/** Whether another order leaves every element where it is: only axes of one element change places. */
export function liesInOrder({shape, order}: Value, other: readonly number[]): boolean {
  const lengthy = (axes: readonly number[]): readonly number[] => axes.filter((axis) => shape[axis] !== 1);
  return lengthy(order).join() === lengthy(other).join();
}

/** How far a value reaches along its memory before, along and behind some axes that lie side by side. */
export interface Sections {
  readonly outer: number;
  readonly middle: number;
  readonly inner: number;
}

/** The sections around axes; undefined where others lie between them. */
export function sectionsAround({shape, order}: Value, axes: readonly number[]): Sections | undefined {
  const places = axes.map((axis) => order.indexOf(axis)).sort((a, b) => a - b);
  const [first = 0] = places;
  const last = places.at(-1) ?? first;
  if (last - first !== axes.length - 1) return undefined;
  const sizes = order.map((axis) => shape[axis] as number);
  return {
    outer: elementCount(sizes.slice(0, first)),
    middle: elementCount(sizes.slice(first, last + 1)),
    inner: elementCount(sizes.slice(last + 1)),
  };
}

/** One axis of a walk through memory: how many steps, then how far each step goes in every tensor, bytes. */
export type WalkAxis = readonly [count: number, ...steps: number[]];

/** The same walk with as few axes as can be; at least one. */
export function mergeAxes(axes: readonly WalkAxis[]): readonly WalkAxis[] {
  const merged: WalkAxis[] = [];
  for (const axis of axes.toReversed()) {
    const [count, ...steps] = axis;
    if (count === 1) continue;
    const inner = merged[0];
    if (inner && steps.every((step, index) => step === inner[0] * (inner[index + 1] as number))) {
      merged[0] = [count * inner[0], ...inner.slice(1)];
    } else merged.unshift(axis);
  }
  return merged.length > 0 ? merged : axes.slice(-1);
}
