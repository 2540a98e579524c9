import {applyMfcc, createMfcc} from '../../src/features/mfcc.ts';
import type {MfccOptions} from '../../src/features/mfcc.ts';

/** The front end of MicroNet and DS-CNN, as the page uses it: so the goldens hold the very options that ship. */
export {kwsMfccOptions as KWS_MFCC} from '../../src/systems/kws-front-end.ts';

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
