/** Least and most threads that a page may ask for. */
export const THREAD_COUNT = [1, 64] as const;

/**
 * Refuses a count that is no whole number or out of its range, least and most both allowed; an absent one passes.
 * @throws RangeError with got and expected.
 */
export function checkCount(
  name: string,
  value: number | undefined,
  [least, most]: readonly [number, number],
): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw new RangeError(
    `got ${name} ${String(value)}, expected a whole number, ${String(least)}…${String(most)}`,
  );
}
