import {describe, expect, it} from 'vitest';
import {applyMfcc, createMfcc} from '../../../src/features/mfcc.ts';
import type {MfccOptions} from '../../../src/features/mfcc.ts';
import {KWS_MFCC} from '../../support/kws-front-end.ts';
import {seededRandom} from '../../support/prng.ts';

function mfccOf(options: MfccOptions, frame: Float32Array): readonly number[] {
  const out = new Float32Array(options.coefficientCount);
  applyMfcc(createMfcc(options), frame, out, 0);
  return [...out];
}

const FRAME = seededRandom(3).samples(640, 0.5);
const REST = Array.from({length: KWS_MFCC.coefficientCount - 1}, () => 0);

describe('applyMfcc', () => {
  it('writes its coefficients at the offset and nothing else', () => {
    const out = new Float32Array(30).fill(9);
    applyMfcc(createMfcc(KWS_MFCC), FRAME, out, 10);
    expect([...out.subarray(10, 20)]).toEqual(mfccOf(KWS_MFCC, FRAME));
    expect([...out.subarray(0, 10), ...out.subarray(20)]).toEqual(new Array(20).fill(9));
  });

  it('gives the floor on digital silence: √(2/40)·40·ln(1e-12) and zeros', () => {
    const [c0 = NaN, ...rest] = mfccOf(KWS_MFCC, new Float32Array(640));
    expect(c0).toBeCloseTo(Math.sqrt(2 / 40) * 40 * Math.log(1e-12), 4);
    rest.forEach((coefficient, index) => expect(coefficient).toBeCloseTo(REST[index] ?? NaN, 4));
  });

  it('moves c0 alone when the gain changes', () => {
    const louder = mfccOf(
      KWS_MFCC,
      FRAME.map((sample) => 2 * sample),
    );
    const [c0 = NaN, ...rest] = mfccOf(KWS_MFCC, FRAME);
    expect(louder[0]).toBeCloseTo(c0 + Math.sqrt(2 / 40) * 40 * Math.LN2, 4);
    rest.forEach((coefficient, index) => expect(louder[index + 1]).toBeCloseTo(coefficient, 4));
  });

  it('divides c0 by √2 in the orthonormal transform', () => {
    const [c0 = NaN, ...rest] = mfccOf(KWS_MFCC, FRAME);
    const [orthonormal, ...others] = mfccOf({...KWS_MFCC, dct: 'orthonormal'}, FRAME);
    expect(orthonormal).toBeCloseTo(c0 / Math.SQRT2, 4);
    expect(others).toEqual(rest);
  });

  it('lets NaN through', () => {
    const frame = FRAME.slice();
    frame[320] = NaN;
    expect(mfccOf(KWS_MFCC, frame).every(Number.isNaN)).toBe(true);
  });

  it('forgets the frame before', () => {
    const mfcc = createMfcc(KWS_MFCC);
    const out = new Float32Array(10);
    applyMfcc(
      mfcc,
      FRAME.map((sample) => 100 * sample),
      out,
      0,
    );
    applyMfcc(mfcc, FRAME, out, 0);
    expect([...out]).toEqual(mfccOf(KWS_MFCC, FRAME));
  });
});

describe('createMfcc refuses', () => {
  it.each([
    [{windowLength: 1025}, 'windowLength: got 1025, expected at most fftLength 1024'],
    [{windowLength: 0}, 'window length: got 0'],
    [{hopLength: 0}, 'hopLength: got 0, expected a positive integer'],
    [{fftLength: 1022}, 'transform length: got 1022'],
    [{logFloor: 0}, 'logFloor: got 0, expected a positive number'],
    [{spectrum: 'amplitude' as 'magnitude'}, 'spectrum: got "amplitude"'],
    [{coefficientCount: 41}, 'coefficientCount: got 41, expected an integer in 1…40'],
    [{dct: 'none' as 'htk'}, 'DCT scale: got "none"'],
  ])('%j', (change, message) => {
    expect(() => createMfcc({...KWS_MFCC, ...change})).toThrow(RangeError);
    expect(() => createMfcc({...KWS_MFCC, ...change})).toThrow(message);
  });
});
