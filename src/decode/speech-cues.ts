import {NoiseFloor} from './noise-floor.ts';

/** Bands of a frame: those of SPEECH_GATE_LOG_MEL (features/speech-gate-front-end.ts). */
export const SPEECH_BAND_COUNT = 24;

/** What one frame is described by, each in nats (natural logarithm of power) unless it says otherwise. */
export const SPEECH_CUES = [
  'mean of the bands above the floor',
  'the same with each band limited to 2: how much of the spectrum stands out at all',
  'share of bands more than 1.5 above the floor, 0…1',
  'the band furthest above the floor',
  'standard deviation of the bands above the floor: large for a tone, small for a bang',
  'modulation: mean standard deviation of each band over about 200 ms; held notes have none',
  'change: mean distance of each band from where it was 80 ms ago',
  'peakiness: mean second difference between neighbouring bands; large for a tone',
  'mean above the floor of 650 to 2,230 Hz, where the vowels are',
  'mean above the floor from 3.6 kHz up, where noise and sibilants are',
] as const;

const CUE_COUNT = SPEECH_CUES.length;
/** Each cue comes twice: averaged over about 50 ms and over about 400 ms. */
export const SPEECH_CUE_VALUES = 2 * CUE_COUNT;

const FAST_FRAMES = 5;
const SLOW_FRAMES = 40;
/** Log energies are smoothed over about 30 ms first, so that the minimum is not that of single wild frames. */
const SMOOTHING = 0.7;
const MODULATION_RATE = 0.05;
const CHANGE_FRAMES = 8;
/** Nothing gains by standing out more than 35 dB. */
const MAX_ABOVE_FLOOR = 8;
const STANDS_OUT = 1.5;
const LIMITED = 2;
const VOWEL_BANDS = {first: 5, end: 14};
const HIGH_BANDS = {first: 17, end: SPEECH_BAND_COUNT};

/**
 * Describes each frame by how far it stands above the noise floor, where in the spectrum, and how it moves: what
 * speech does and neither steady noise nor held notes do.
 * One thread. Allocates in the constructor only.
 */
export class SpeechCues {
  readonly #noise = new NoiseFloor(SPEECH_BAND_COUNT);
  readonly #smoothed = new Float32Array(SPEECH_BAND_COUNT);
  readonly #above = new Float32Array(SPEECH_BAND_COUNT); // height over the floor, limited
  readonly #mean = new Float64Array(SPEECH_BAND_COUNT); // running mean and variance of #smoothed
  readonly #variance = new Float64Array(SPEECH_BAND_COUNT);
  readonly #past = new Float32Array(CHANGE_FRAMES * SPEECH_BAND_COUNT); // ring of #smoothed
  readonly #cues = new Float64Array(CUE_COUNT);
  readonly #averages = new Float64Array(SPEECH_CUE_VALUES);
  #frameCount = 0;

  /**
   * Takes one frame and writes its description.
   * @param logMel [SPEECH_BAND_COUNT] natural logarithms of mel powers.
   * @param out [≥ SPEECH_CUE_VALUES]: the cues over 50 ms, then over 400 ms, in the order of SPEECH_CUES.
   */
  pushInto(logMel: Float32Array, out: Float64Array): void {
    this.#smooth(logMel);
    this.#noise.push(this.#smoothed);
    this.#describeHeight();
    this.#describeMotion();
    this.#describeShape();
    this.#averageInto(out);
    this.#frameCount++;
  }

  /** Forgets all that was heard. */
  reset(): void {
    this.#noise.reset();
    this.#frameCount = 0;
  }

  /** After a reset everything begins at the first frame, as if it had lasted for ever. */
  #smooth(logMel: Float32Array): void {
    const smoothed = this.#smoothed;
    const isFirst = this.#frameCount === 0;
    for (let band = 0; band < SPEECH_BAND_COUNT; band++) {
      const before = isFirst ? logMel[band] : smoothed[band];
      smoothed[band] = SMOOTHING * before + (1 - SMOOTHING) * logMel[band];
    }
    if (!isFirst) return;
    this.#variance.fill(0);
    for (let band = 0; band < SPEECH_BAND_COUNT; band++) {
      this.#mean[band] = smoothed[band];
      for (let frame = 0; frame < CHANGE_FRAMES; frame++) {
        this.#past[frame * SPEECH_BAND_COUNT + band] = smoothed[band];
      }
    }
  }

  #describeHeight(): void {
    const above = this.#above;
    const {floor} = this.#noise;
    let sum = 0;
    let squares = 0;
    let limited = 0;
    let standingOut = 0;
    let highest = 0;
    for (let band = 0; band < SPEECH_BAND_COUNT; band++) {
      const height = Math.min(this.#smoothed[band] - floor[band], MAX_ABOVE_FLOOR);
      above[band] = height;
      sum += height;
      squares += height * height;
      limited += Math.min(height, LIMITED);
      if (height > STANDS_OUT) standingOut++;
      if (height > highest) highest = height;
    }
    const mean = sum / SPEECH_BAND_COUNT;
    const cues = this.#cues;
    cues[0] = mean;
    cues[1] = limited / SPEECH_BAND_COUNT;
    cues[2] = standingOut / SPEECH_BAND_COUNT;
    cues[3] = highest;
    cues[4] = Math.sqrt(Math.max(0, squares / SPEECH_BAND_COUNT - mean * mean));
    cues[8] = meanOf(above, VOWEL_BANDS.first, VOWEL_BANDS.end);
    cues[9] = meanOf(above, HIGH_BANDS.first, HIGH_BANDS.end);
  }

  #describeMotion(): void {
    const smoothed = this.#smoothed;
    const past = this.#past;
    const oldest = (this.#frameCount % CHANGE_FRAMES) * SPEECH_BAND_COUNT;
    let modulation = 0;
    let change = 0;
    for (let band = 0; band < SPEECH_BAND_COUNT; band++) {
      const distance = smoothed[band] - this.#mean[band];
      this.#mean[band] += MODULATION_RATE * distance;
      this.#variance[band] =
        (1 - MODULATION_RATE) * (this.#variance[band] + MODULATION_RATE * distance * distance);
      modulation += Math.sqrt(this.#variance[band]);
      change += Math.abs(smoothed[band] - past[oldest + band]);
      past[oldest + band] = smoothed[band];
    }
    this.#cues[5] = modulation / SPEECH_BAND_COUNT;
    this.#cues[6] = change / SPEECH_BAND_COUNT;
  }

  #describeShape(): void {
    const smoothed = this.#smoothed;
    let sum = 0;
    for (let band = 1; band < SPEECH_BAND_COUNT - 1; band++) {
      sum += Math.abs(smoothed[band - 1] - 2 * smoothed[band] + smoothed[band + 1]);
    }
    this.#cues[7] = sum / (SPEECH_BAND_COUNT - 2);
  }

  #averageInto(out: Float64Array): void {
    const cues = this.#cues;
    const averages = this.#averages;
    const fastRate = this.#frameCount === 0 ? 1 : 1 / FAST_FRAMES;
    const slowRate = this.#frameCount === 0 ? 1 : 1 / SLOW_FRAMES;
    for (let cue = 0; cue < CUE_COUNT; cue++) {
      const slow = CUE_COUNT + cue;
      averages[cue] += fastRate * (cues[cue] - averages[cue]);
      averages[slow] += slowRate * (cues[cue] - averages[slow]);
      out[cue] = averages[cue];
      out[slow] = averages[slow];
    }
  }
}

function meanOf(values: Float32Array, first: number, end: number): number {
  let sum = 0;
  for (let index = first; index < end; index++) sum += values[index];
  return sum / (end - first);
}
