import {describe, expect, it} from 'vitest';
import {quantiseInto} from '../../src/features/quantise.ts';
import {Framer} from '../../src/frames/framer.ts';
import {applyMfcc, createMfcc} from '../../src/features/mfcc.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {goldenNames, hasClip, loadClip, loadGolden} from '../support/goldens.ts';
import {computeMfcc, KWS_MFCC} from '../support/kws-front-end.ts';

const CLIP_SAMPLES = 16_000;

/** The first second of a clip, zero-padded at the end. */
function oneSecond(clip: string): Float32Array {
  const samples = new Float32Array(CLIP_SAMPLES);
  samples.set(loadClip(clip).subarray(0, CLIP_SAMPLES));
  return samples;
}

describe.each(goldenNames('kws.mfcc'))('%s', (name) => {
  const golden = loadGolden(name);
  const clip = golden.clip ?? '';

  it.skipIf(!hasClip(clip))('is met within its tolerance (needs ../shared for recordings)', () => {
    const mfcc = computeMfcc(KWS_MFCC, oneSecond(clip));
    expect(maxAbsDifference(mfcc, golden.values)).toBeLessThanOrEqual(golden.toleranceAbs);
  });
});

describe.each([...goldenNames('kws.int8_micronet_l'), ...goldenNames('kws.int8_dscnn_l')])('%s', (name) => {
  const golden = loadGolden(name);
  const clip = golden.clip ?? '';

  it.skipIf(!hasClip(clip))(
    'is met exactly, or to one step beside a half (needs ../shared for recordings)',
    () => {
      const mfcc = computeMfcc(KWS_MFCC, oneSecond(clip));
      const quantised = new Int8Array(mfcc.length);
      const {scale, zeroPoint} = golden.quantisation ?? {scale: NaN, zeroPoint: NaN};
      quantiseInto(mfcc, scale, zeroPoint, quantised);
      expect(maxAbsDifference(quantised, golden.values)).toBeLessThanOrEqual(golden.toleranceAbs);
    },
  );
});

describe('kws.stream_mfcc', () => {
  const golden = loadGolden('kws.stream_mfcc.sc_yes_no_go_stop');
  const [windowCount = 0, frameCount = 0, coefficientCount = 0] = golden.shape;

  it.skipIf(!hasClip('sc_yes_no_go_stop'))(
    'is met by frames computed once each, as the microphone brings them (needs ../shared)',
    () => {
      const samples = loadClip('sc_yes_no_go_stop');
      const frames = streamMfcc(samples, 441);
      for (let window = 0; window < windowCount; window++) {
        const firstFrame = window * (8000 / KWS_MFCC.hopLength);
        const got = frames.subarray(
          firstFrame * coefficientCount,
          (firstFrame + frameCount) * coefficientCount,
        );
        const rowLength = frameCount * coefficientCount;
        const expected = golden.values.subarray(window * rowLength, (window + 1) * rowLength);
        expect(maxAbsDifference(got, expected), `window ${window}`).toBeLessThanOrEqual(golden.toleranceAbs);
      }
    },
  );
});

/** Every frame of a stream that arrives in pieces, each frame computed once. */
function streamMfcc(samples: Float32Array, pieceLength: number): Float32Array {
  const {windowLength, hopLength, coefficientCount} = KWS_MFCC;
  const framer = new Framer({windowLength, hopLength, capacitySamples: 2048});
  const mfcc = createMfcc(KWS_MFCC);
  const window = new Float32Array(windowLength);
  const frameCount = 1 + Math.floor((samples.length - windowLength) / hopLength);
  const out = new Float32Array(frameCount * coefficientCount);
  let frame = 0;
  for (let start = 0; start < samples.length; start += pieceLength) {
    framer.push(samples, start, Math.min(pieceLength, samples.length - start));
    while (framer.nextFrameInto(window)) applyMfcc(mfcc, window, out, coefficientCount * frame++);
  }
  expect(frame).toBe(frameCount);
  return out;
}
