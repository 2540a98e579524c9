import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Checkpoint} from '../../src/formats/checkpoint/checkpoint.ts';
import type {Wav2Vec2Sizes} from '../../src/systems/wav2vec2-base/layout.ts';
import {goldenRoot} from './goldens.ts';
import {seededCheckpoint, seededValues} from './seeded-checkpoint.ts';

const root = join(goldenRoot, 'wav2vec2-base');

/** A network with seeded weights, and logits of it by torchaudio (test/referee/wav2vec2_base.py). */
export interface Wav2Vec2Golden {
  readonly title: 'small' | 'base';
  readonly sizes: Wav2Vec2Sizes;
  readonly parameterCount: number;
  /** Of the state dictionary, by their published names. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly runs: readonly {readonly samples: number; readonly file: string; readonly steps: number}[];
}

/** The golden networks. */
export const wav2vec2Goldens = JSON.parse(
  readFileSync(join(root, 'index.json'), 'utf8'),
) as readonly Wav2Vec2Golden[];

/** The golden network of that title. */
export function wav2vec2Golden(title: Wav2Vec2Golden['title']): Wav2Vec2Golden {
  const golden = wav2vec2Goldens.find((candidate) => candidate.title === title);
  if (golden) return golden;
  throw new Error(`test/goldens/wav2vec2-base/index.json has no ${title}`);
}

/** The golden network's weights, as published. */
export function wav2vec2Checkpoint(title: Wav2Vec2Golden['title']): Checkpoint {
  return seededCheckpoint(wav2vec2Golden(title).shapes);
}

/** Logits [steps × 32] of a run, row-major. */
export function loadLogits(file: string): Float32Array {
  return new Float32Array(new Uint8Array(readFileSync(join(root, file))).buffer);
}

/** What the runs listen to: noise whose loudness changes every 25 ms; mean 0, variance 1. */
export function wav2vec2Audio(length: number): Float32Array {
  const loudness = seededValues('loudness', Math.ceil(length / 400), {centre: 0.5, amplitude: 0.5});
  const noise = seededValues('audio', length);
  const samples = Float64Array.from(noise, (sample, index) => sample * loudness[Math.floor(index / 400)]!);
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / length;
  const variance = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / length;
  return Float32Array.from(samples, (sample) => (sample - mean) / Math.sqrt(variance));
}
