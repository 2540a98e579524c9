import type {MfccOptions} from '../features/mfcc.ts';

/**
 * The front end that Arm's MicroNet and DS-CNN keyword spotters were trained with: TensorFlow's
 * `audio_spectrogram` and `mfcc` ops at 40 ms windows every 20 ms (shared/reference/frontends.md, section 2).
 * Samples are int16 / 32768. One second gives 49 frames of 10 coefficients, without normalisation.
 */
export const kwsMfccOptions: MfccOptions = {
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

/** Frames in one second of that front end: 1 + (16000 − 640) / 320. */
export const KWS_FRAME_COUNT = 49;
