import {applyMfcc, createMfcc} from '../../src/features/mfcc.ts';
import type {MfccOptions} from '../../src/features/mfcc.ts';

/** The front end of MicroNet and DS-CNN: reference/frontends.md, section 2. */
export const KWS_MFCC: MfccOptions = {
  sampleRateHz: 16_000,
  windowLength: 640,
  hopLength: 320,
  fftLength: 1024,
  window: 'hann-periodic',
  spectrum: 'magnitude',
  melCount: 40,
  melScale: 'htk',
  melMinHz: 20,
  melMaxHz: 4000,
  melNorm: 'peak',
  logFloor: 1e-12,
  dct: 'htk',
  coefficientCount: 10,
};

/** MFCC of every complete window of `samples`, [frameCount × coefficientCount]. */
export function computeMfcc(options: MfccOptions, samples: Float32Array): Float32Array {
  const {windowLength, hopLength, coefficientCount} = options;
  const mfcc = createMfcc(options);
  const frameCount = 1 + Math.floor((samples.length - windowLength) / hopLength);
  const out = new Float32Array(frameCount * coefficientCount);
  for (let frame = 0; frame < frameCount; frame++) {
    const start = frame * hopLength;
    applyMfcc(mfcc, samples.subarray(start, start + windowLength), out, frame * coefficientCount);
  }
  return out;
}
