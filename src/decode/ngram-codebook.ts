import {LanguageModelError} from './language-model-error.ts';

/** Values that codes of 16 bits stand for. */
export interface NgramCodebook {
  readonly values: Float64Array; // [at most 65,536] natural logarithms, ascending
  readonly step: number; // what values were rounded to multiples of; 0 where none was rounded
}

const CODE_COUNT = 0x10000;
const ROUNDING_STEP = 2 ** -9; // nat: an error of at most 0.98e-3, 0.1 % of a probability

/**
 * The codes of some logarithms: exact where there are at most 65,536 different ones, else rounded to multiples of
 * 2⁻⁹ nat.
 * @param logarithms base 10.
 * @throws LanguageModelError where one is not finite, or the rounded ones are still too many.
 */
export function computeCodebook(logarithms: readonly Float64Array[]): NgramCodebook {
  const all = new Float64Array(logarithms.reduce((total, {length}) => total + length, 0));
  let position = 0;
  for (const part of logarithms) {
    for (let index = 0; index < part.length; index++) all[position++] = toNatural(part[index]);
  }
  if (!all.every(Number.isFinite)) throw new LanguageModelError('a probability that is no number', 'numbers');
  all.sort();
  const exact = distinct(all);
  if (exact.length <= CODE_COUNT) return {values: exact, step: 0};
  const rounded = distinct(exact.map((value) => roundTo(value, ROUNDING_STEP)));
  if (rounded.length <= CODE_COUNT) return {values: rounded, step: ROUNDING_STEP};
  throw new LanguageModelError(`${rounded.length} different probabilities`, `at most ${CODE_COUNT}`);
}

/** The code of a logarithm to base 10 that the codebook was made for. */
export function codeOf({values, step}: NgramCodebook, logarithm: number): number {
  const natural = toNatural(logarithm);
  const wanted = step === 0 ? natural : roundTo(natural, step);
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toNatural(logarithm: number): number {
  return logarithm * Math.LN10;
}

function roundTo(value: number, step: number): number {
  return Math.round(value / step) * step;
}

function distinct(sorted: Float64Array): Float64Array {
  return sorted.filter((value, index) => index === 0 || value !== sorted[index - 1]);
}
