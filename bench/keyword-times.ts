/**
 * Prints how well the times of detected keywords follow the words, and how many are missed: clips of Speech Commands
 * (the shared material's, for measuring only), laid out with gaps and faint noise, spotted as the page would.
 * Usage: npx tsx bench/keyword-times.ts [wordCount]
 */
import {readFileSync} from 'node:fs';
import {nodeEngineAssets} from '../src/cli/node-engine-assets.ts';
import type {KeywordHit} from '../src/decode/keyword-detector.ts';
import {loadModel} from '../src/engine/engines.ts';
import {readAudioFile} from '../src/formats/audio-file.ts';
import {loadKeywordClassifier} from '../src/pipeline/load-keyword-classifier.ts';
import {spotRecording} from '../src/pipeline/spot-recording.ts';
import {seededRandom} from '../test/support/prng.ts';
import {sharedPath} from '../test/support/shared.ts';
import {concatenate, silence} from '../test/support/wav.ts';

const RATE_HZ = 16_000;
const STEP_SAMPLES = 160; // 10 ms
const SEED = 20_26;
const SYSTEMS = [
  ['micronet-large', 'micronet_large_int8.tflite'],
  ['ds-cnn-clustered', 'ds_cnn_clustered_int8_rebuilt.tflite'],
] as const;

interface Word {
  readonly label: string;
  /** First and last 10 ms within 25 dB of the loudest and 6 dB above the clip's floor; the centre of its energy. */
  readonly start: number;
  readonly end: number;
  readonly centre: number;
}

function locateWord(label: string, samples: Float32Array, offset: number): Word {
  const energies = Array.from({length: Math.floor(samples.length / STEP_SAMPLES)}, (_, step) =>
    samples
      .subarray(step * STEP_SAMPLES, (step + 1) * STEP_SAMPLES)
      .reduce((sum, value) => sum + value * value, 1e-9),
  );
  const floor = energies.toSorted((a, b) => a - b)[Math.floor(energies.length / 10)] ?? 0;
  const limit = Math.max(Math.max(...energies) * 10 ** -2.5, floor * 10 ** 0.6);
  const isLoud = (energy: number): boolean => energy > limit;
  const total = energies.reduce((sum, energy) => sum + energy, 0);
  const weighted = energies.reduce((sum, energy, step) => sum + energy * (step + 0.5), 0);
  return {
    label,
    start: offset + energies.findIndex(isLoud) * STEP_SAMPLES,
    end: offset + (energies.findLastIndex(isLoud) + 1) * STEP_SAMPLES,
    centre: offset + (weighted / total) * STEP_SAMPLES,
  };
}

/** Random clips one after the other with 100 to 500 ms between them. */
function layOut(wordCount: number): {words: readonly Word[]; samples: Float32Array} {
  const random = seededRandom(SEED);
  const clips = readFileSync(sharedPath('audio/speech-commands-dev/index.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as {file: string; label: string})
    .filter(({label}) => !label.startsWith('_'));
  const pieces = [silence(1000, RATE_HZ)];
  const words: Word[] = [];
  let position = RATE_HZ;
  for (let count = 0; count < wordCount; count++) {
    const {file, label} = random.pick(clips);
    const [samples = new Float32Array(0)] = readAudioFile(
      readFileSync(sharedPath('audio/speech-commands-dev', file)),
    ).channels;
    const gap = silence(random.between(100, 500), RATE_HZ);
    words.push(locateWord(label, samples, position));
    pieces.push(samples, gap);
    position += samples.length + gap.length;
  }
  const noisy = concatenate(pieces).map((sample) => sample + random.between(-3e-4, 3e-4));
  return {words, samples: noisy};
}

/** Mean, standard deviation and the range of nine in ten, in milliseconds. */
function summarise(samples: readonly number[]): string {
  const sorted = samples.map((value) => (1000 * value) / RATE_HZ).sort((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
  const at = (share: number): string => (sorted[Math.floor(share * sorted.length)] ?? NaN).toFixed(0);
  return `${mean.toFixed(0)} ± ${Math.sqrt(variance).toFixed(0)} (${at(0.05)}…${at(0.95)})`;
}

function compare(words: readonly Word[], hits: readonly KeywordHit[]): Record<string, string | number> {
  const middle = (hit: KeywordHit): number => (hit.startSample + hit.endSample) / 2;
  const found = words.flatMap((word) => {
    const hit = hits.find(
      (candidate) =>
        candidate.keyword === word.label &&
        middle(candidate) > word.start - RATE_HZ / 4 &&
        middle(candidate) < word.end + RATE_HZ / 4,
    );
    return hit ? [{word, hit}] : [];
  });
  return {
    missed: words.length - found.length,
    others: hits.length - new Set(found.map(({hit}) => hit)).size,
    'rise − centre of energy, ms': summarise(found.map(({word, hit}) => hit.riseSample - word.centre)),
    'middle − centre of energy, ms': summarise(found.map(({word, hit}) => middle(hit) - word.centre)),
    'start, ms': summarise(found.map(({word, hit}) => hit.startSample - word.start)),
    'end, ms': summarise(found.map(({word, hit}) => hit.endSample - word.end)),
  };
}

const {words, samples} = layOut(Number(process.argv[2] ?? 400));
console.log(
  `${words.length} words, mean length ${summarise(words.map(({start, end}) => end - start))} ms, seed ${SEED}`,
);
const rows: Record<string, unknown> = {};
for (const [id, file] of SYSTEMS) {
  const classifier = await loadKeywordClassifier(id, {
    weightsFor: () => Promise.resolve(new Uint8Array(readFileSync(sharedPath('models', file)))),
    modelFor: (graph) => loadModel(graph, 'integer', {numerics: 'int8-exact', assets: nodeEngineAssets()}),
  });
  const recording = {sampleRateHz: RATE_HZ, channels: [samples]};
  const {hits} = await spotRecording(classifier, recording, {clock: () => performance.now()});
  rows[id] = compare(words, hits);
}
console.table(rows);
