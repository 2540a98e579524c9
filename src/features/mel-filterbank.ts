/** Triangular mel weights, stored sparse: band `mel` covers bins [start, start + length). */
export interface MelFilterbank {
  readonly melCount: number;
  readonly start: Uint16Array; // [melCount] first bin
  readonly length: Uint16Array; // [melCount] number of bins; 0 where a band falls between two bins
  readonly offset: Uint32Array; // [melCount] first weight
  readonly weights: Float32Array; // [sum of length]
}

/** Every choice of a mel filterbank; none is implied. */
export interface MelFilterbankOptions {
  readonly sampleRateHz: number;
  readonly fftLength: number;
  readonly melCount: number;
  /** `htk`: 1127·ln(1 + f/700); `slaney`: linear below 1000 Hz, logarithmic above. */
  readonly melScale: 'htk' | 'slaney';
  /** Lower edge of the first band. */
  readonly melMinHz: number;
  /** Upper edge of the last band, at most half the sample rate. */
  readonly melMaxHz: number;
  /** `peak`: triangles of height 1, linear in mel; `area`: 2/(right − left), linear in hertz (Slaney). */
  readonly melNorm: 'peak' | 'area';
}

/**
 * Plans the triangles: melCount + 2 edges equally spaced on the mel scale, each band rising from one edge to the
 * next and falling to the one after.
 *
 * `peak` follows TensorFlow's mfcc_mel_filterbank.cc, bin rule included: only bins from floor(1.5 + min/spacing)
 * to floor(max/spacing) take part. `area` follows librosa's `filters.mel(norm="slaney")`.
 * Any thread. Throws `RangeError` on edges out of order or above half the sample rate, and on bad counts.
 */
export function createMelFilterbank(options: MelFilterbankOptions): MelFilterbank {
  checkOptions(options);
  const {melCount} = options;
  const start = new Uint16Array(melCount);
  const length = new Uint16Array(melCount);
  const offset = new Uint32Array(melCount);
  const weights: number[] = [];
  const axis = createAxis(options);
  for (let mel = 0; mel < melCount; mel++) {
    offset[mel] = weights.length;
    for (let bin = axis.firstBin; bin <= axis.lastBin; bin++) {
      const weight = triangle(axis, mel, bin);
      if (weight <= 0) continue;
      if (length[mel]++ === 0) start[mel] = bin;
      weights.push(weight);
    }
  }
  return {melCount, start, length, offset, weights: Float32Array.from(weights)};
}

/**
 * Writes the mel energies of one power spectrum (or of one magnitude spectrum, where the recipe sums those).
 * @param power [binCount], linear.
 * @param out [melCount], overwritten. Must not alias `power`.
 * Any thread. Allocates nothing.
 */
export function applyMelFilterbank(bank: MelFilterbank, power: Float32Array, out: Float32Array): void {
  const {melCount, start, length, offset, weights} = bank;
  for (let mel = 0; mel < melCount; mel++) {
    const firstBin = start[mel];
    const firstWeight = offset[mel];
    const count = length[mel];
    let energy = 0; // double: Float32 sums drift over wide bands
    for (let i = 0; i < count; i++) energy += weights[firstWeight + i] * power[firstBin + i];
    out[mel] = energy;
  }
}

/** Gives the number of leading bins that any band reads: bins from there on need not be computed. */
export function countUsedBins(bank: MelFilterbank): number {
  let used = 0;
  for (let mel = 0; mel < bank.melCount; mel++) {
    if (bank.length[mel] > 0) used = Math.max(used, bank.start[mel] + bank.length[mel]);
  }
  return used;
}

/** The axis on which the triangles are straight: mel for `peak`, hertz for `area`. */
interface Axis {
  readonly edges: readonly number[]; // [melCount + 2]
  readonly binPosition: readonly number[]; // [binCount]
  readonly firstBin: number;
  readonly lastBin: number;
  readonly isAreaNormalised: boolean;
}

function createAxis(options: MelFilterbankOptions): Axis {
  const {sampleRateHz, fftLength, melCount, melScale, melMinHz, melMaxHz, melNorm} = options;
  const isAreaNormalised = melNorm === 'area';
  const spacingHz = sampleRateHz / fftLength;
  const lastBin = Math.floor(fftLength / 2);
  const minMel = hzToMel(melScale, melMinHz);
  const stepMel = (hzToMel(melScale, melMaxHz) - minMel) / (melCount + 1);
  const edgesMel = Array.from({length: melCount + 2}, (_, edge) => minMel + stepMel * edge);
  const binsHz = Array.from({length: lastBin + 1}, (_, bin) => bin * spacingHz);
  if (isAreaNormalised) {
    const edges = edgesMel.map((mel) => melToHz(melScale, mel));
    return {edges, binPosition: binsHz, firstBin: 0, lastBin, isAreaNormalised};
  }
  return {
    edges: edgesMel,
    binPosition: binsHz.map((hz) => hzToMel(melScale, hz)),
    firstBin: Math.floor(1.5 + melMinHz / spacingHz),
    lastBin: Math.min(lastBin, Math.floor(melMaxHz / spacingHz)),
    isAreaNormalised,
  };
}

function triangle(axis: Axis, mel: number, bin: number): number {
  const {edges, binPosition} = axis;
  const left = edges[mel];
  const centre = edges[mel + 1];
  const right = edges[mel + 2];
  const rising = (binPosition[bin] - left) / (centre - left);
  const falling = (right - binPosition[bin]) / (right - centre);
  return Math.min(rising, falling) * (axis.isAreaNormalised ? 2 / (right - left) : 1);
}

const SLANEY_BREAK_HZ = 1000;
const SLANEY_BREAK_MEL = 15; // 3 mel per 200 Hz below the break
const SLANEY_LOG_STEP = Math.log(6.4) / 27; // 27 mel from 1000 to 6400 Hz

/** Gives the mel value of a frequency on the named scale (HTK book eq. 5.13; Slaney's Auditory Toolbox). */
export function hzToMel(scale: 'htk' | 'slaney', hz: number): number {
  if (scale === 'htk') return 1127 * Math.log1p(hz / 700);
  if (hz < SLANEY_BREAK_HZ) return (hz * 3) / 200;
  return SLANEY_BREAK_MEL + Math.log(hz / SLANEY_BREAK_HZ) / SLANEY_LOG_STEP;
}

/** Gives the frequency in hertz of a mel value: the inverse of {@link hzToMel}. */
export function melToHz(scale: 'htk' | 'slaney', mel: number): number {
  if (scale === 'htk') return 700 * Math.expm1(mel / 1127);
  if (mel < SLANEY_BREAK_MEL) return (mel * 200) / 3;
  return SLANEY_BREAK_HZ * Math.exp(SLANEY_LOG_STEP * (mel - SLANEY_BREAK_MEL));
}

const MAX_FFT_LENGTH = 2 * 0xffff; // bins are stored as Uint16

function checkOptions(options: MelFilterbankOptions): void {
  const {sampleRateHz, fftLength, melCount, melScale, melMinHz, melMaxHz, melNorm} = options;
  if (!Number.isInteger(melCount) || melCount < 1) {
    throw new RangeError(`melCount: got ${melCount}, expected a positive integer`);
  }
  if (!Number.isInteger(fftLength) || fftLength < 2 || fftLength > MAX_FFT_LENGTH) {
    throw new RangeError(`fftLength: got ${fftLength}, expected an integer in 2…${MAX_FFT_LENGTH}`);
  }
  if (!(melMinHz >= 0 && melMinHz < melMaxHz && melMaxHz <= sampleRateHz / 2)) {
    throw new RangeError(
      `mel edges: got ${melMinHz}…${melMaxHz} Hz, expected 0 ≤ min < max ≤ ${sampleRateHz / 2} Hz`,
    );
  }
  if (melScale !== 'htk' && melScale !== 'slaney') {
    throw new RangeError(`melScale: got "${String(melScale)}", expected "htk" or "slaney"`);
  }
  if (melNorm !== 'peak' && melNorm !== 'area') {
    throw new RangeError(`melNorm: got "${String(melNorm)}", expected "peak" or "area"`);
  }
}
