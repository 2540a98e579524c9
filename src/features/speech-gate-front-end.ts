import type {LogMelOptions} from './log-mel.ts';

/**
 * What the speech gate hears: 24 log-mel powers every 10 ms at 16 kHz. Its weights are fitted to exactly these.
 *
 * 80 to 7,600 Hz leaves out mains hum and what the resampler's edge does. White noise of variance σ² has a power of
 * 150 σ² in a bin under this window; the floor of 1e-6 is that of σ = 8.2e-5 (−82 dB re full scale), below which all
 * is silence.
 */
export const SPEECH_GATE_LOG_MEL: LogMelOptions = {
  sampleRateHz: 16_000,
  windowLength: 400,
  hopLength: 160,
  fftLength: 512,
  window: 'hann-periodic',
  spectrum: 'power',
  melCount: 24,
  melScale: 'htk',
  melMinHz: 80,
  melMaxHz: 7600,
  melNorm: 'peak',
  logFloor: 1e-6,
};
