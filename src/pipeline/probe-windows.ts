import {applyMfcc, createMfcc} from '../features/mfcc.ts';
import type {KeywordSystem} from '../systems/keyword-system.ts';

/** A made-up sound: its value at a time in seconds, −1…1. */
type Sound = (seconds: number) => number;

/** Pitch of the made-up voice, in the middle of what people have, and how far and often it glides. */
const PITCH_HZ = 150;
const GLIDE_HZ = 40;
const GLIDES_PER_SECOND = 2;

/** Syllables in a second: where the energy of speech is modulated most. */
const SYLLABLES_PER_SECOND = 4;

const silence: Sound = () => 0;

/** A hiss that is the same on every machine to within the last bits of a sine. */
const hiss: Sound = (seconds) => {
  const mixed = Math.sin(seconds * 12_989.8) * 43_758.5;
  return 0.2 * (2 * (mixed - Math.floor(mixed)) - 1);
};

/** Harmonics of a gliding pitch, those near these two frequencies (Hz) strongest, in syllables. */
function vowel(firstFormantHz: number, secondFormantHz: number): Sound {
  return (seconds) => {
    const turn = 2 * Math.PI * seconds;
    // the integral of the pitch over time, so that the pitch itself is continuous
    const phase = PITCH_HZ * turn + (GLIDE_HZ / GLIDES_PER_SECOND) * (1 - Math.cos(GLIDES_PER_SECOND * turn));
    let sum = 0;
    for (let harmonic = 1; harmonic <= 24; harmonic++) {
      const hz = harmonic * PITCH_HZ;
      const near = (formantHz: number): number => 1 / (1 + ((hz - formantHz) / 120) ** 2);
      sum += (near(firstFormantHz) + near(secondFormantHz)) * Math.sin(harmonic * phase);
    }
    return 0.15 * sum * (0.5 - 0.5 * Math.cos(SYLLABLES_PER_SECOND * turn));
  };
}

/** Silence, a hiss, and three vowels far from one another (Peterson and Barney 1952: i, a, u of men, rounded). */
const SOUNDS: readonly Sound[] = [silence, hiss, vowel(270, 2290), vowel(730, 1090), vowel(300, 870)];

/**
 * Windows of features to measure a network with: one for each of some made-up sounds, through the system's own front
 * end, so that they are spread as those of real audio are.
 * @returns arrays [frameCount × coefficientCount], row-major, time-major. Worker or Node.
 */
export function createProbeWindows({
  mfcc: options,
  frameCount,
}: Pick<KeywordSystem, 'mfcc' | 'frameCount'>): readonly Float32Array[] {
  const {windowLength, hopLength, coefficientCount, sampleRateHz} = options;
  const mfcc = createMfcc(options);
  const sampleCount = windowLength + (frameCount - 1) * hopLength;
  return SOUNDS.map((sound) => {
    const samples = Float32Array.from({length: sampleCount}, (_, sample) => sound(sample / sampleRateHz));
    const features = new Float32Array(frameCount * coefficientCount);
    for (let frame = 0; frame < frameCount; frame++) {
      const window = samples.subarray(frame * hopLength, frame * hopLength + windowLength);
      applyMfcc(mfcc, window, features, frame * coefficientCount);
    }
    return features;
  });
}
