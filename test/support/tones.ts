import type {SeededRandom} from './prng.ts';

/** Sounds that are no speech: held tones, chords one after the other, a melody of single notes. */
export type ToneKind = 'tones' | 'chords' | 'melody';

const HARMONIC_COUNT = 7;
const NOTE_SECONDS: Readonly<Record<ToneKind, readonly number[]>> = {
  tones: [4],
  chords: [0.5, 1, 2],
  melody: [0.25, 0.4, 0.6],
};
const CHORD = [0, 4, 7]; // semitones: a major triad

/** Seconds of a kind of tones over faint noise, at a peak of about −14 dB. */
export function createTones(
  kind: ToneKind,
  seconds: number,
  rateHz: number,
  random: SeededRandom,
): Float32Array {
  const noise = 10 ** random.between(-4.5, -3);
  const samples = Float32Array.from({length: seconds * rateHz}, () => noise * random.gaussian());
  for (let start = 0; start < seconds;) {
    const duration = random.pick(NOTE_SECONDS[kind]);
    addNote(samples.subarray(start * rateHz, (start + duration) * rateHz), kind, rateHz, random);
    start += duration;
  }
  return samples;
}

function addNote(out: Float32Array, kind: ToneKind, rateHz: number, random: SeededRandom): void {
  if (kind === 'tones') {
    const soundingSamples = out.length - random.between(0, 2) * rateHz;
    const hz = random.between(100, 3500);
    addSine(out.subarray(0, soundingSamples), {hz, level: 0.2, decaySeconds: Infinity, rateHz});
    return;
  }
  const root = 220 * 2 ** (random.integer(-12, 12) / 12);
  const steps = kind === 'chords' ? CHORD : [0];
  const decaySeconds = kind === 'chords' ? 1.5 : 0.5;
  for (const step of steps) {
    for (let harmonic = 1; harmonic <= HARMONIC_COUNT; harmonic++) {
      const hz = root * 2 ** (step / 12) * harmonic;
      addSine(out, {hz, level: 0.1 / steps.length / harmonic ** 1.3, decaySeconds, rateHz});
    }
  }
}

function addSine(
  out: Float32Array,
  {hz, level, decaySeconds, rateHz}: {hz: number; level: number; decaySeconds: number; rateHz: number},
): void {
  for (let index = 0; index < out.length; index++) {
    const seconds = index / rateHz;
    const edge = Math.min(1, seconds / 0.01, (out.length - index) / (0.02 * rateHz));
    const envelope = level * edge * Math.exp(-seconds / decaySeconds);
    out[index] = (out[index] ?? 0) + envelope * Math.sin(2 * Math.PI * hz * seconds);
  }
}
