import type {Graph} from './graph.ts';
import {ModelFormatError} from './model-format-error.ts';
import {countAnyLengths} from './shape.ts';

/**
 * What of a graph is settled only later, in words: sizes when it runs, values of constants when it is written. An engine
 * that lays out memory as it loads a graph runs none of that.
 */
export function openParts({tensors}: Graph): readonly string[] {
  const all = [...tensors.values()];
  const parts: string[] = [];
  if (all.some(({shape}) => countAnyLengths(shape) > 0)) parts.push('tensors of any length');
  if (all.some(({load}) => load !== undefined)) parts.push('constants to be loaded');
  return parts;
}

/**
 * Refuses a graph of which something is settled only later.
 * @throws ModelFormatError with what that is.
 */
export function requireNoOpenParts(graph: Graph): void {
  const parts = openParts(graph);
  if (parts.length > 0) throw new ModelFormatError(parts.join(', '), 'sizes and values known beforehand');
}
