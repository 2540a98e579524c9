import {readdirSync} from 'node:fs';
import {seededRandom, type SeededRandom} from '../../test/support/prng.ts';
import {readMono} from '../../test/support/recordings.ts';
import {repositoryPath} from '../../test/support/repository.ts';
import {hasShared} from '../../test/support/shared.ts';
import {concatenate, silence} from '../../test/support/wav.ts';
import {labelSpeech, loadDevelopment, mix, RATE_HZ} from '../speech-material.ts';

const SEED = 20_27;
const GENERATED_COUNT = 20;

/** Where somebody speaks, milliseconds. */
export interface SpeechSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** Speech that the measurements of transcription hear. */
export interface SpeechMaterial {
  /** What it is, for a row's note. */
  readonly what: string;
  /** At RATE_HZ, in a seeded order. */
  readonly utterances: readonly Float32Array[];
}

/** Utterances of librispeech-other-dev where the shared material is there, else of a synthetic voice. */
export function loadSpeech(): SpeechMaterial {
  const random = seededRandom(SEED);
  if (hasShared) return {what: 'librispeech-other-dev', utterances: shuffle(loadDevelopment(), random)};
  return {what: 'words of a synthetic voice', utterances: generateUtterances(random)};
}

/** Words of test/fixtures, a tenth of a second apart: some eight seconds each. */
export function generateUtterances(random: SeededRandom): readonly Float32Array[] {
  const folder = repositoryPath('test/fixtures/speech');
  const words = readdirSync(folder)
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .map((name) => readMono(`${folder}/${name}`));
  const gap = silence(100, RATE_HZ);
  return Array.from({length: GENERATED_COUNT}, () => {
    const pieces: Float32Array[] = [];
    let sampleCount = 0;
    while (sampleCount < 8 * RATE_HZ) {
      const word = random.pick(words);
      pieces.push(word, gap);
      sampleCount += word.length + gap.length;
    }
    return concatenate(pieces);
  });
}

/** The values in another order. */
export function shuffle<Value>(values: readonly Value[], random: SeededRandom): readonly Value[] {
  const keyed = values.map((value) => ({value, key: random.next()}));
  return keyed.sort((one, other) => one.key - other.key).map(({value}) => value);
}

/** One utterance after the other with pauses between, of at least so many seconds where there are enough. */
export function recordingOf({what, utterances}: SpeechMaterial, seconds: number): Float32Array {
  let sampleCount = 0;
  const taken = utterances.filter((utterance) => {
    const isWanted = sampleCount < seconds * RATE_HZ;
    if (isWanted) sampleCount += utterance.length;
    return isWanted;
  });
  return mix(what, taken, seededRandom(SEED)).samples;
}

/** From the first frame of speech in a clip to the last, milliseconds of the clip. */
export function spanOfSpeech(clip: Float32Array): SpeechSpan {
  const labels = labelSpeech(clip);
  const frameMs = (1000 * clip.length) / RATE_HZ / Math.max(1, labels.length);
  return {startMs: labels.indexOf(1) * frameMs, endMs: (labels.lastIndexOf(1) + 1) * frameMs};
}
