/**
 * Prints what changes where windows take over what earlier ones computed (`incremental`, docs/decisions/0011): clips of
 * speech-commands-dev, each with the clip before it as its past, classified by the whole network and, after windows over
 * that past, incrementally. For each keyword system whose weights are there, in the numerics that onnxruntime-web
 * offers for it, also where the saving is too small for a page to get it.
 * Usage: npx tsx bench/kept-start.ts [--hop 5, in frames of 20 ms] [--clips 20, of each label, or all] [--systems a,b]
 */
import {readFileSync} from 'node:fs';
import {parseArgs} from 'node:util';
import {supportOf} from '../src/engine/engines.ts';
import {readAudioFile} from '../src/formats/audio-file.ts';
import {findKeywordSystem, keywordSystemIds} from '../src/systems/keyword-systems.ts';
import {computeMfcc} from '../test/support/kws-front-end.ts';
import {sharedPath} from '../test/support/shared.ts';
import {loadIncrementalNetwork, type IncrementalNetwork} from './incremental-network.ts';
import {median, quantile} from './statistics.ts';
import {findSystemWeights} from './weights.ts';

const CLIP_SAMPLES = 16_000;
/** Frames of past, 0.8 s at least: more than the padding of any of these networks reaches. */
const LEAST_PAST_FRAMES = 40;

interface Clip {
  readonly label: string;
  readonly samples: Float32Array;
}

function readClips(clipsPerLabel: number): readonly Clip[] {
  const counts = new Map<string, number>();
  return readFileSync(sharedPath('audio/speech-commands-dev/index.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as {file: string; label: string})
    .filter(({label}) => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      return (counts.get(label) ?? 0) <= clipsPerLabel;
    })
    .map(({file, label}) => {
      const bytes = readFileSync(sharedPath('audio/speech-commands-dev', file));
      const samples = new Float32Array(CLIP_SAMPLES);
      samples.set((readAudioFile(bytes).channels[0] ?? samples).subarray(0, CLIP_SAMPLES));
      return {label, samples};
    });
}

interface Comparison {
  readonly isWholeRight: boolean;
  readonly isKeptRight: boolean;
  readonly isSameLabel: boolean;
  /** The largest difference of a posterior. */
  readonly difference: number;
}

async function compareClips({classifier, shift}: IncrementalNetwork): Promise<readonly Comparison[]> {
  const {frameCount, mfcc, card} = classifier.system;
  const pastFrames = Math.ceil(LEAST_PAST_FRAMES / shift) * shift;
  const [whole, kept] = [new Float32Array(card.labels.length), new Float32Array(card.labels.length)];
  const compared: Comparison[] = [];
  for (const [index, {label, samples}] of clips.entries()) {
    const past = clips.at(index - 1)?.samples ?? samples;
    const frames = computeMfcc(mfcc, joinPast(past, samples, pastFrames * mfcc.hopLength));
    const windowAt = (frame: number): Float32Array =>
      frames.slice(frame * mfcc.coefficientCount, (frame + frameCount) * mfcc.coefficientCount);
    const stream = {};
    for (let frame = 0; frame <= pastFrames; frame += shift) {
      await classifier.classify(windowAt(frame), kept, {stream, newestFrame: frame});
    }
    await classifier.classify(windowAt(pastFrames), whole);
    compared.push(compare(card.labels, label, {whole, kept}));
  }
  return compared;
}

/** As much of the past's end, then the clip; the frames of both lie on one grid. */
function joinPast(past: Float32Array, samples: Float32Array, pastSamples: number): Float32Array {
  const joined = new Float32Array(pastSamples + samples.length);
  const heard = past.subarray(Math.max(0, past.length - pastSamples));
  joined.set(heard, pastSamples - heard.length);
  joined.set(samples, pastSamples);
  return joined;
}

function compare(
  labels: readonly string[],
  label: string,
  {whole, kept}: {readonly whole: Float32Array; readonly kept: Float32Array},
): Comparison {
  const labelOf = (values: Float32Array): string | undefined => labels[values.indexOf(Math.max(...values))];
  return {
    isWholeRight: labelOf(whole) === label,
    isKeptRight: labelOf(kept) === label,
    isSameLabel: labelOf(whole) === labelOf(kept),
    difference: Math.max(...whole.map((value, index) => Math.abs(value - (kept[index] ?? NaN)))),
  };
}

function describe(
  {shift, savedShare}: IncrementalNetwork,
  compared: readonly Comparison[],
): Record<string, unknown> {
  const count = (test: (comparison: Comparison) => boolean): number => compared.filter(test).length;
  const differences = compared.map(({difference}) => difference);
  const rounded = (value: number): number => Number(value.toFixed(4));
  return {
    'from, frames before': shift,
    'saved multiply-adds, %': Number((100 * savedShare).toFixed(1)),
    clips: compared.length,
    'right, whole': count(({isWholeRight}) => isWholeRight),
    'right, incremental': count(({isKeptRight}) => isKeptRight),
    'other label': count(({isSameLabel}) => !isSameLabel),
    'posterior apart, median': rounded(median(differences)),
    '95 of 100': rounded(quantile(differences, 0.95)),
    largest: rounded(Math.max(...differences)),
  };
}

const {values: asked} = parseArgs({
  options: {
    hop: {type: 'string', default: '5'},
    clips: {type: 'string', default: '20'},
    systems: {type: 'string', default: keywordSystemIds.join(',')},
  },
});
const hopFrames = Number(asked.hop);
const clips = readClips(asked.clips === 'all' ? Infinity : Number(asked.clips));
const rows: Record<string, unknown> = {};
for (const id of asked.systems.split(',')) {
  const weights = await findSystemWeights(id);
  if ('absent' in weights) {
    rows[id] = {note: weights.absent};
    continue;
  }
  const system = await findKeywordSystem(id);
  const graph = system.buildGraph(Buffer.from(weights.base64, 'base64'));
  for (const {numerics} of await supportOf(graph, 'onnx')) {
    const network = await loadIncrementalNetwork(graph, system, {engine: 'onnx', numerics, hopFrames});
    rows[`${id} ${numerics}`] = describe(network, await compareClips(network));
    network.classifier.model.dispose();
  }
}
console.table(rows);
