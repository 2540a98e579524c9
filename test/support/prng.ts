/** A repeatable source of random numbers for tests. */
export interface SeededRandom {
  readonly seed: number;
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [min, max). */
  between(min: number, max: number): number;
  /** Whole number, uniform in [min, max], both included. */
  integer(min: number, max: number): number;
  /** One of the values. */
  pick<Value>(values: readonly Value[]): Value;
  /** Normally distributed, mean 0, variance 1. */
  gaussian(): number;
  /** Uniform samples in [−amplitude, amplitude). */
  samples(count: number, amplitude?: number): Float32Array;
}

/**
 * Starts a repeatable sequence: the same seed gives the same numbers on every machine.
 * Generator: mulberry32 (Tommy Ettinger, public domain), period 2³², enough for tests.
 * Put the seed into the failure text: `expect(error, `seed ${random.seed}`)`.
 */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number): number => min + next() * (max - min);
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    seed,
    next,
    between,
    integer,
    pick: (values) => {
      const value = values[integer(0, values.length - 1)];
      if (value === undefined) throw new RangeError(`got ${values.length} values to pick from, expected one`);
      return value;
    },
    // Box-Muller; 1 − next() is never 0, so the logarithm is finite
    gaussian: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    samples: (count, amplitude = 1) =>
      Float32Array.from({length: count}, () => between(-amplitude, amplitude)),
  };
}
