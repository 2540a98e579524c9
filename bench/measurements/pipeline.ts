import {cards} from '../../src/models/catalogue.ts';
import {withRatio, type Measurement, type Row} from '../measurement.ts';
import {timeRows, type TimedEntry} from '../timed-rows.ts';
import {findSystemWeights} from '../weights.ts';

/** What the ratio is to: so it is the share of one core. */
const realTime = {name: 'the hop itself', value: 100};

/** What listening costs, all that the worker does between two windows. */
export const pipeline: Measurement = {
  id: 'pipeline',
  title:
    'Pipeline: 100 ms of sound at 48 kHz, mono, through all that the worker does (resampling, frames, MFCC, network, smoothing, detection), against the 100 ms that it lasts; engine and numerics of the card',
  run: async (context) => {
    const rows: Row[] = [];
    const entries: TimedEntry[] = [];
    for (const {id, defaults} of cards.filter(({task}) => task === 'keyword-spotting')) {
      const found = await findSystemWeights(id);
      if ('absent' in found) rows.push({name: id, unit: 'ms a hop', note: found.absent});
      else {
        const candidate = {kind: 'pipeline', systemId: id, weights: found.base64} as const;
        entries.push({
          name: id,
          unit: 'ms a hop',
          candidate,
          note: `${defaults.engine} ${defaults.numerics}`,
        });
      }
    }
    const timed = await timeRows(context, entries);
    return [...timed.map((row) => withRatio({...row, against: realTime})), ...rows];
  },
};
