import {withRatio, type BenchContext, type Peer, type Row} from './measurement.ts';
import type {Candidate, Timing} from './page/candidates.ts';
import {median, quantile} from './statistics.ts';

/** A candidate and what its row says. */
export interface TimedEntry {
  readonly name: string;
  readonly unit: string;
  readonly candidate: Candidate;
  /** Which entry it is compared with. */
  readonly against?: string;
  readonly note?: string;
}

/** Times entries side by side and makes a row of each; one that does not run has its reason instead of a figure. */
export async function timeRows(
  {page, rounds}: BenchContext,
  entries: readonly TimedEntry[],
): Promise<readonly Row[]> {
  const timings = await page.time(
    entries.map(({candidate}) => candidate),
    {rounds},
  );
  const valueOf = (timing: Timing | undefined): number | undefined =>
    timing && 'msPerCall' in timing ? median(timing.msPerCall) : undefined;
  const peerOf = (name: string | undefined): Peer | undefined => {
    const value = valueOf(timings[entries.findIndex((entry) => entry.name === name)]);
    return name === undefined || value === undefined ? undefined : {name, value};
  };
  return entries.map(({name, unit, against, note}, index) => {
    const timing = timings[index];
    if (!timing || 'error' in timing) {
      return {name, unit, note: `does not run: ${timing?.error ?? 'no timing'}`};
    }
    const peer = peerOf(against);
    return withRatio({
      name,
      unit,
      p5: quantile(timing.msPerCall, 0.05),
      value: median(timing.msPerCall),
      ...(peer && {against: peer}),
      ...(note !== undefined && {note}),
    });
  });
}
