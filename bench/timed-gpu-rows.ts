import type {BenchContext, Row} from './measurement.ts';
import {timeRows, type TimedEntry} from './timed-rows.ts';

/** A GPU that the processor imitates takes up to a second a window, for a time that is of no use. */
const IMITATION_ROUNDS = 3;
const IMITATION_NOTE =
  'the processor imitates the GPU here: this shows that it runs, and says nothing of a GPU';

/**
 * Times entries, and by turns with them those on the GPU, whose rows name it. Where the GPU is an imitation, its
 * entries run afterwards, three rounds at most, compared with nothing; where there is none, their rows say why.
 */
export async function timeRowsWithGpu(
  context: BenchContext,
  entries: readonly TimedEntry[],
  onGpu: readonly TimedEntry[],
): Promise<readonly Row[]> {
  const {gpu} = context.page;
  if ('absent' in gpu) {
    const note = `does not run: ${gpu.absent}`;
    return [...(await timeRows(context, entries)), ...onGpu.map(({name, unit}) => ({name, unit, note}))];
  }
  if (!gpu.isImitation) {
    const named = onGpu.map((entry) => ({...entry, name: `${entry.name} on ${gpu.name}`}));
    return await timeRows(context, [...entries, ...named]);
  }
  const imitated = onGpu.map(({name, unit, candidate}) => ({
    name: `${name} on ${gpu.name}, no GPU`,
    unit,
    candidate,
    note: IMITATION_NOTE,
  }));
  const rounds = Math.min(context.rounds, IMITATION_ROUNDS);
  return [...(await timeRows(context, entries)), ...(await timeRows({...context, rounds}, imitated))];
}
