import {kwsMfccOptions} from '../../src/systems/kws-front-end.ts';
import type {MfccOptions} from '../../src/features/mfcc.ts';
import type {Measurement} from '../measurement.ts';
import {timeRows, type TimedEntry} from '../timed-rows.ts';

const UNIT = 'ms per s of sound';

/** Meyda has a window as long as its transform, and bands from 0 Hz to half the rate. */
function likeMeyda(options: MfccOptions): MfccOptions {
  return {...options, windowLength: options.fftLength, melMinHz: 0, melMaxHz: options.sampleRateHz / 2};
}

/** Meyda's own defaults, every 10 ms: the size most speech models take. */
const meydaDefaults: MfccOptions = likeMeyda({
  ...kwsMfccOptions,
  hopLength: 160,
  fftLength: 512,
  melCount: 26,
  coefficientCount: 13,
});

function describe({fftLength, melCount, coefficientCount, hopLength, sampleRateHz}: MfccOptions): string {
  return `${fftLength} points, ${melCount} bands, ${coefficientCount} coefficients, ${sampleRateHz / hopLength} frames`;
}

function pair(options: MfccOptions): readonly TimedEntry[] {
  const meyda = `meyda, ${describe(options)}`;
  return [
    {name: `ours, ${describe(options)}`, unit: UNIT, candidate: {kind: 'mfcc', options}, against: meyda},
    {name: meyda, unit: UNIT, candidate: {kind: 'meyda', options}},
  ];
}

/** The front end against the library that most pages would take for it. */
export const mfcc: Measurement = {
  id: 'mfcc',
  title:
    'MFCC: the MFCCs of a second of sound at 16 kHz, ours against meyda with as many points, bands, coefficients and frames; both in JavaScript, in a worker, frames cut beforehand',
  run: (context) => {
    const [ours, meyda] = pair(likeMeyda(kwsMfccOptions));
    if (!ours || !meyda) throw new Error('got no pair, expected ours and meyda');
    const shipped: TimedEntry = {
      ...ours,
      name: 'ours, as the keyword systems use it',
      candidate: {kind: 'mfcc', options: kwsMfccOptions},
      note: 'window of 640 samples, bands of 20 to 4000 Hz; otherwise the same sizes',
    };
    return timeRows(context, [ours, meyda, shipped, ...pair(meydaDefaults)]);
  },
};
