/**
 * What the speech gate is fitted to and measured on: recordings of the shared material (training utterances and noise
 * are unpacked with tar and decoded with ffmpeg), reference labels, mixtures, and tones that are made up.
 */
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {applyLogMel, createLogMel} from '../src/features/log-mel.ts';
import {SPEECH_GATE_LOG_MEL} from '../src/features/speech-gate-front-end.ts';
import type {SeededRandom} from '../test/support/prng.ts';
import {readMono} from '../test/support/recordings.ts';
import {repositoryPath} from '../test/support/repository.ts';
import {sharedPath} from '../test/support/shared.ts';

export const RATE_HZ = SPEECH_GATE_LOG_MEL.sampleRateHz;
const HOP = SPEECH_GATE_LOG_MEL.hopLength;
const WINDOW = SPEECH_GATE_LOG_MEL.windowLength;

/** Sound with a label for each 10 ms frame: 1 where somebody speaks. */
export interface Labelled {
  readonly name: string;
  readonly samples: Float32Array;
  readonly isSpeech: Uint8Array; // [frameCount]
}

/** The noise that weights are fitted with, and the noise that only measures. */
export const FIT_NOISES = ['doing_the_dishes', 'pink_noise'] as const;
export const MEASURE_NOISES = ['white_noise', 'running_tap', 'exercise_bike', 'dude_miaowing'] as const;

/** `count` training utterances, by a seeded choice. */
export function loadTraining(random: SeededRandom, count: number): readonly Float32Array[] {
  const folder = unpack('audio/librispeech-train-clean-5.tar');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.opus'))
    .sort();
  return Array.from({length: count}, () => decodeOpus(join(folder, random.pick(files))));
}

/** All utterances of librispeech-other-dev: for measuring only. */
export function loadDevelopment(): readonly Float32Array[] {
  const folder = sharedPath('audio/librispeech-other-dev');
  const files = readdirSync(folder).filter((file) => file.endsWith('.flac'));
  return files.sort().map((file) => readMono(join(folder, file)));
}

/** One of the six background noises of Speech Commands, about a minute. */
export function loadNoise(name: string): Float32Array {
  return decodeOpus(join(unpack('audio/noise.tar'), `${name}.opus`));
}

function unpack(archive: string): string {
  const folder = repositoryPath(`.cache/bench/${archive.replace(/^.*\/|\.tar$/g, '')}`);
  if (!existsSync(folder)) {
    mkdirSync(folder, {recursive: true});
    execFileSync('tar', ['xf', sharedPath(archive), '-C', folder]);
  }
  return folder;
}

function decodeOpus(path: string): Float32Array {
  const options = ['-ar', String(RATE_HZ), '-ac', '1', '-f', 'f32le', '-'];
  const bytes = execFileSync('ffmpeg', ['-v', 'error', '-i', path, ...options], {maxBuffer: 2 ** 27});
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** A quiet gap no longer than this belongs to speech (the closure of a plosive), a shorter burst is no speech. */
const MAX_GAP_FRAMES = 15;
const MIN_BURST_FRAMES = 5;

/**
 * The reference: an energy detector on the clean recording. A frame is speech within 30 dB of the 95th percentile,
 * and at least 8 dB over the 5th where the recording is itself noisy.
 */
export function labelSpeech(clean: Float32Array): Uint8Array {
  const levels = Float64Array.from({length: countFrames(clean)}, (_, frame) => {
    let energy = 1e-10 * WINDOW;
    for (let k = 0; k < WINDOW; k++) energy += (clean[frame * HOP + k] ?? 0) ** 2;
    return 10 * Math.log10(energy / WINDOW);
  });
  const sorted = levels.toSorted();
  const loud = sorted[Math.floor(0.95 * sorted.length)] ?? 0;
  const floor = sorted[Math.floor(0.05 * sorted.length)] ?? 0;
  const threshold = Math.max(loud - 30, Math.min(floor + 8, loud - 15));
  const labels = Uint8Array.from(levels, (level) => (level > threshold ? 1 : 0));
  replaceRuns(labels, 0, MAX_GAP_FRAMES);
  replaceRuns(labels, 1, MIN_BURST_FRAMES);
  return labels;
}

/** Turns runs of `value` shorter than `length` frames into the other value; those at the ends stay. */
function replaceRuns(labels: Uint8Array, value: number, length: number): void {
  let start = 0;
  for (let frame = 1; frame <= labels.length; frame++) {
    if (frame < labels.length && labels[frame] === labels[start]) continue;
    const isInside = start > 0 && frame < labels.length;
    if (labels[start] === value && isInside && frame - start < length) labels.fill(1 - value, start, frame);
    start = frame;
  }
}

/** Utterances one after the other with 0.3 to 2 s of silence between, and noise over all of it where there is some. */
export function mix(
  name: string,
  utterances: readonly Float32Array[],
  random: SeededRandom,
  noise?: {readonly samples: Float32Array; readonly snrDb: number},
): Labelled {
  const gaps = utterances.map(() => Math.round(RATE_HZ * random.between(0.3, 2)));
  const length = utterances.reduce((sum, {length}, index) => sum + length + (gaps[index] ?? 0), 2 * RATE_HZ);
  const samples = new Float32Array(length);
  const isSpeech = new Uint8Array(countFrames(samples));
  let position = 2 * RATE_HZ;
  let speechPower = 0;
  utterances.forEach((utterance, index) => {
    const labels = labelSpeech(utterance);
    const gain = 0.056 / rootMeanSquare(utterance); // −25 dB
    samples.set(
      utterance.map((sample) => gain * sample),
      position,
    );
    isSpeech.set(
      labels.subarray(0, isSpeech.length - Math.round(position / HOP)),
      Math.round(position / HOP),
    );
    speechPower += 0.056 ** 2 / utterances.length;
    position += utterance.length + (gaps[index] ?? 0);
  });
  if (noise) addNoise(samples, noise.samples, Math.sqrt(speechPower) * 10 ** (-noise.snrDb / 20), random);
  return {name, samples, isSpeech};
}

function addNoise(samples: Float32Array, noise: Float32Array, level: number, random: SeededRandom): void {
  const gain = level / rootMeanSquare(noise);
  const start = random.integer(0, noise.length - 1);
  for (let index = 0; index < samples.length; index++) {
    samples[index] = (samples[index] ?? 0) + gain * (noise[(start + index) % noise.length] ?? 0);
  }
}

/** Noise alone, at a peak of −10 dB. */
export function noiseOnly(name: string, noise: Float32Array): Labelled {
  const peak = noise.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return withoutSpeech(
    name,
    noise.map((sample) => (0.3 * sample) / peak),
  );
}

/** A sound in which nobody speaks. */
export function withoutSpeech(name: string, samples: Float32Array): Labelled {
  return {name, samples, isSpeech: new Uint8Array(countFrames(samples))};
}

export function countFrames(samples: Float32Array): number {
  return Math.max(0, Math.floor((samples.length - WINDOW) / HOP) + 1);
}

/** Calls `onFrame` with the log-mel row of each 10 ms; the row is overwritten by the next. */
export function eachFrame(samples: Float32Array, onFrame: (row: Float32Array, frame: number) => void): void {
  const plan = createLogMel(SPEECH_GATE_LOG_MEL);
  const row = new Float32Array(SPEECH_GATE_LOG_MEL.melCount);
  for (let frame = 0; frame < countFrames(samples); frame++) {
    applyLogMel(plan, samples.subarray(frame * HOP, frame * HOP + WINDOW), row);
    onFrame(row, frame);
  }
}

function rootMeanSquare(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
