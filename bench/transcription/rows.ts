import type {Row} from '../measurement.ts';
import {median, quantile} from '../statistics.ts';

/** A row of values that were measured; without a value where there are none. */
export function rowOf(name: string, unit: string, values: readonly number[], note: string): Row {
  if (values.length === 0) return {name, unit, note: `none came; ${note}`};
  return {name, unit, value: median(values), p5: quantile(values, 0.05), note};
}
