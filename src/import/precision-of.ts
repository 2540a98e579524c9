import {PRECISIONS, type Precision} from '../graph/precision.ts';
import type {NumericsChoice} from '../protocol/messages.ts';

/** Numerics that a network imported in a precision runs in. */
export const NUMERICS_OF: Readonly<Record<Precision, NumericsChoice>> = {
  float32: 'float32',
  int8: 'int8-dynamic',
};

/**
 * The precision to import in for the numerics that are asked for.
 * @throws RangeError where imported networks do not have them.
 */
export function precisionOf(numerics: NumericsChoice): Precision {
  const found = PRECISIONS.find((precision) => NUMERICS_OF[precision] === numerics);
  if (found !== undefined) return found;
  throw new RangeError(`got numerics ${numerics}, expected ${Object.values(NUMERICS_OF).join(' or ')}`);
}
