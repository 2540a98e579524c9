import {describe, expect, it} from 'vitest';
import {applyLogMel, createLogMel, type LogMelOptions} from '../../../src/features/log-mel.ts';
import {KWS_MFCC} from '../../support/kws-front-end.ts';
import {seededRandom} from '../../support/prng.ts';

const FRAME = seededRandom(5).samples(640, 0.5);
const doubled = FRAME.map((sample) => 2 * sample);

function logMelOf(options: LogMelOptions, frame: Float32Array): readonly number[] {
  const out = new Float32Array(options.melCount);
  applyLogMel(createLogMel(options), frame, out);
  return [...out];
}

describe('applyLogMel', () => {
  it('gives the floor in every band on digital silence', () => {
    const rows = logMelOf({...KWS_MFCC, logFloor: 1e-6}, new Float32Array(640));
    expect(rows).toEqual(new Array(KWS_MFCC.melCount).fill(Math.fround(Math.log(1e-6))));
  });

  it.each([
    ['magnitude', Math.LN2],
    ['power', 2 * Math.LN2],
  ] as const)('rises by the same in every band when the gain doubles: %s', (spectrum, rise) => {
    const quiet = logMelOf({...KWS_MFCC, spectrum}, FRAME);
    const loud = logMelOf({...KWS_MFCC, spectrum}, doubled);
    quiet.forEach((value, mel) => expect(loud[mel]).toBeCloseTo(value + rise, 4));
  });

  it('has its largest value in the band that a tone lies in', () => {
    const tone = Float32Array.from({length: 640}, (_, k) => Math.sin((2 * Math.PI * 1000 * k) / 16_000));
    const rows = logMelOf(KWS_MFCC, tone);
    // 40 bands, htk, 20…4000 Hz: their centres are equally far apart in mel
    const mel = (hz: number): number => 1127 * Math.log1p(hz / 700);
    const step = (mel(KWS_MFCC.melMaxHz) - mel(KWS_MFCC.melMinHz)) / (KWS_MFCC.melCount + 1);
    const expected = Math.round((mel(1000) - mel(KWS_MFCC.melMinHz)) / step) - 1;
    expect(rows.indexOf(Math.max(...rows))).toBe(expected);
  });
});
