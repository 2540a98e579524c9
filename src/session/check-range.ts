/**
 * Refuses an option that is out of its range, least and most both allowed; absent options pass.
 * @throws RangeError with got and expected.
 */
export function checkRange(
  name: string,
  value: number | undefined,
  [least, most]: readonly [number, number],
): void {
  if (value === undefined || (value >= least && value <= most)) return;
  throw new RangeError(`got ${name} ${String(value)}, expected ${String(least)}…${String(most)}`);
}
