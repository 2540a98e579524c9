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

/**
 * The options that have a range, among others, without those that are absent.
 * @throws RangeError with got and expected.
 */
export function checkRanges<Name extends string>(
  options: {readonly [Option in NoInfer<Name>]?: number | undefined},
  ranges: {readonly [Option in Name]: readonly [number, number]},
): {readonly [Option in Name]?: number} {
  const checked: {[Option in Name]?: number} = {};
  for (const name of Object.keys(ranges) as Name[]) {
    const value = options[name];
    checkRange(name, value, ranges[name]);
    if (value !== undefined) checked[name] = value;
  }
  return checked;
}
