import {measureStarts} from '../large/cold-start.ts';
import {measureMemoryLimit} from '../large/memory-limit.ts';
import {LARGE_CASES, titleOf} from '../large/speech-choices.ts';
import {timeCase} from '../large/time-cases.ts';
import type {Measurement, Row} from '../measurement.ts';

/** What the systems cost that are imported from published checkpoints: time, loading and memory. */
export const large: Measurement = {
  id: 'large',
  title:
    'Large systems at full size with seeded weights, imported as their published checkpoints would be: seconds of noise through front end, network and greedy decoding, in a worker of a cross-origin isolated page; wav2vec2-base against the speech recognition of transformers.js on the same files, by turns, ratio the median of the rounds. Starts in a browser just started with an empty profile; peak memory is the most that the process of the page had',
  run: async ({rounds}) => {
    const rows: Row[] = [];
    for (const one of LARGE_CASES) {
      const absent = absentRow(titleOf(one));
      rows.push(
        ...(await timeCase(one, rounds).catch(absent)),
        ...(await measureStarts(one, rounds).catch(absent)),
      );
    }
    return [...rows, ...(await measureMemoryLimit().catch(absentRow('memory')))];
  },
};

/** What cannot be measured must not take the other measurements with it. */
function absentRow(name: string): (error: unknown) => readonly Row[] {
  return (error) => {
    const reason = error instanceof Error ? error.message : String(error);
    return [{name, unit: '', note: `does not run: ${reason}`}];
  };
}
