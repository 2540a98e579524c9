import type {Graph} from './graph.ts';
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
