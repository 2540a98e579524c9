/** Every choice of an MFCC front end; none is implied. */
export interface MfccOptions {
  readonly sampleRateHz: number;
  /** Analysis window, samples. */
  readonly windowLength: number;
  /** Step between windows, samples. */
  readonly hopLength: number;
  /** Transform size; the window is zero-padded up to it. Any 2-3-5-smooth length ≥ windowLength. */
  readonly fftLength: number;
  readonly window: 'hann-periodic' | 'hann-symmetric' | 'hamming-periodic' | 'hamming-symmetric';
  /** What the mel filters sum. */
  readonly spectrum: 'magnitude' | 'power';
  readonly melCount: number;
  readonly melScale: 'htk' | 'slaney';
  readonly melMinHz: number;
  readonly melMaxHz: number;
  /** `peak`: triangles of height 1, linear in mel; `area`: 2/(right − left), linear in hertz (Slaney). */
  readonly melNorm: 'peak' | 'area';
  /** ln(max(energy, logFloor)). */
  readonly logFloor: number;
  /** `htk`: √(2/melCount) on every row; `orthonormal`: row 0 divided by √2 as well. */
  readonly dct: 'htk' | 'orthonormal';
  readonly coefficientCount: number;
}
