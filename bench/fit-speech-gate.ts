/**
 * Fits the weights of the speech gate and prints src/decode/speech-gate-weights.ts: a logistic regression of the
 * cues, both classes weighing the same, on training utterances with dishes, pink and white noise at 30 to 5 dB, on
 * those noises alone, and on tones, chords and melodies. Needs ../shared and ffmpeg.
 * Usage: npx tsx bench/fit-speech-gate.ts > src/decode/speech-gate-weights.ts
 */
import {SPEECH_CUE_VALUES, SpeechCues} from '../src/decode/speech-cues.ts';
import {seededRandom} from '../test/support/prng.ts';
import {createTones} from '../test/support/tones.ts';
import {
  countFrames,
  eachFrame,
  FIT_NOISES,
  loadNoise,
  loadTraining,
  mix,
  noiseOnly,
  RATE_HZ,
  withoutSpeech,
  type Labelled,
} from './speech-material.ts';

const SEED = 2026;
const UTTERANCE_COUNT = 48;
const UTTERANCES_PER_STREAM = 5;
const NEWTON_STEPS = 8;
/** Penalty of the squared weights of standardised cues, so that like cues share their weight. */
const RIDGE = 1e-3;
const SIZE = SPEECH_CUE_VALUES + 1; // and the bias

const random = seededRandom(SEED);

function createMaterial(): readonly Labelled[] {
  const white = Float32Array.from({length: 60 * RATE_HZ}, () => 0.1 * random.gaussian());
  const noises = [...FIT_NOISES.map(loadNoise), white];
  const utterances = loadTraining(random, UTTERANCE_COUNT);
  const pick = (): readonly Float32Array[] =>
    Array.from({length: UTTERANCES_PER_STREAM}, () => random.pick(utterances));
  const mixtures = noises.flatMap((samples, index) =>
    [30, 20, 10, 5].map((snrDb) => mix(`noise ${index} ${snrDb} dB`, pick(), random, {samples, snrDb})),
  );
  const tones = (['tones', 'chords', 'melody'] as const).map((kind) =>
    withoutSpeech(kind, createTones(kind, 60, RATE_HZ, random)),
  );
  const clean = mix('clean', pick(), random);
  return [...mixtures, clean, ...noises.map((noise, index) => noiseOnly(`noise ${index}`, noise)), ...tones];
}

/** All cues, [frameCount × SIZE] with a 1 at the end of each row, and what the frames are. */
interface Table {
  readonly rows: Float64Array;
  readonly isSpeech: Uint8Array;
}

function describe(material: readonly Labelled[]): Table {
  const frameCount = material.reduce((sum, {samples}) => sum + countFrames(samples), 0);
  const rows = new Float64Array(frameCount * SIZE).fill(1);
  const isSpeech = new Uint8Array(frameCount);
  let row = 0;
  for (const sound of material) {
    const cues = new SpeechCues();
    eachFrame(sound.samples, (logMel, frame) => {
      cues.pushInto(logMel, rows.subarray(row * SIZE, row * SIZE + SPEECH_CUE_VALUES));
      isSpeech[row++] = sound.isSpeech[frame] ?? 0;
    });
  }
  return {rows, isSpeech};
}

/** Brings each cue to mean 0 and variance 1 in place; gives what was taken away and divided by. */
function standardise({rows, isSpeech}: Table): {means: Float64Array; scales: Float64Array} {
  const means = new Float64Array(SIZE);
  const scales = new Float64Array(SIZE).fill(1);
  for (let cue = 0; cue < SPEECH_CUE_VALUES; cue++) {
    let sum = 0;
    let squares = 0;
    for (let at = cue; at < rows.length; at += SIZE) {
      sum += rows[at] ?? 0;
      squares += (rows[at] ?? 0) ** 2;
    }
    const mean = sum / isSpeech.length;
    const scale = Math.sqrt(squares / isSpeech.length - mean * mean);
    for (let at = cue; at < rows.length; at += SIZE) rows[at] = ((rows[at] ?? 0) - mean) / scale;
    means[cue] = mean;
    scales[cue] = scale;
  }
  return {means, scales};
}

/** Newton's method on the mean log loss of both classes and the ridge. */
function fit({rows, isSpeech}: Table): Float64Array {
  const speechCount = isSpeech.reduce((sum, label) => sum + label, 0);
  const share = [0.5 / (isSpeech.length - speechCount), 0.5 / speechCount];
  let weights = new Float64Array(SIZE);
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const gradient = weights.map((weight, index) => (index < SPEECH_CUE_VALUES ? RIDGE * weight : 0));
    const hessian = Array.from({length: SIZE}, (_, index) =>
      new Float64Array(SIZE).fill(RIDGE, index, Math.min(index + 1, SPEECH_CUE_VALUES)),
    );
    for (let frame = 0; frame < isSpeech.length; frame++) {
      const row = rows.subarray(frame * SIZE, (frame + 1) * SIZE);
      const label = isSpeech[frame] ?? 0;
      let logit = 0;
      for (let index = 0; index < SIZE; index++) logit += (row[index] ?? 0) * (weights[index] ?? 0);
      const probability = 1 / (1 + Math.exp(-logit));
      const weight = share[label] ?? 0;
      addRow(gradient, row, weight * (probability - label));
      hessian.forEach((line, index) =>
        addRow(line, row, weight * probability * (1 - probability) * (row[index] ?? 0)),
      );
    }
    const move = solve(hessian, gradient);
    weights = weights.map((value, index) => value - (move[index] ?? 0));
  }
  return weights;
}

function addRow(target: Float64Array, row: Float64Array, factor: number): void {
  for (let index = 0; index < SIZE; index++)
    target[index] = (target[index] ?? 0) + factor * (row[index] ?? 0);
}

/** Gaussian elimination of a positive definite system. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const lines = matrix.map((line, index) => [...line, right[index] ?? 0]);
  lines.forEach((pivotLine, pivot) => {
    const divisor = pivotLine[pivot] ?? NaN;
    lines.forEach((line, index) => {
      if (index === pivot) return;
      const factor = (line[pivot] ?? 0) / divisor;
      pivotLine.forEach((value, at) => (line[at] = (line[at] ?? 0) - factor * value));
    });
  });
  return Float64Array.from(lines, (line, index) => (line[SIZE] ?? 0) / (line[index] ?? NaN));
}

const table = describe(createMaterial());
const {means, scales} = standardise(table);
const weights = fit(table).map((weight, index) => weight / (scales[index] ?? NaN));
const bias =
  (weights[SPEECH_CUE_VALUES] ?? 0) -
  weights.reduce((sum, weight, index) => sum + weight * (means[index] ?? 0), 0);
console.error(
  `${(table.isSpeech.length / 6000).toFixed(1)} min, ${table.isSpeech.reduce((a, b) => a + b, 0)} speech frames of ${table.isSpeech.length}, seed ${SEED}`,
);
const listed = Array.from(weights.subarray(0, SPEECH_CUE_VALUES), (weight) => weight.toFixed(4)).join(', ');
console.log(`/** One weight for each value of SpeechCues, fitted by \`npx tsx bench/fit-speech-gate.ts\`. */
// prettier-ignore
export const SPEECH_WEIGHTS: Float64Array = Float64Array.of(${listed});
/** What is added to the weighted sum. */
export const SPEECH_BIAS = ${bias.toFixed(4)};`);
