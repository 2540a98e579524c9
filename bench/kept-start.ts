/**
 * Prints what it would change if a window's start saw the real frames before it where it has padding: what a reuse that
 * keeps the start, and so is not exact, comes to (`not exact` in bench/reusable-layers.ts). Runs each network over more
 * frames, and the rest of it, from where time is pooled, over the columns of the last second.
 * Clips of speech-commands-dev, 20 of each label, each with the clip before it as its past.
 * Usage: npx tsx bench/kept-start.ts
 */
import {readFileSync} from 'node:fs';
import {nodeEngineAssets} from '../src/cli/node-engine-assets.ts';
import type {Model} from '../src/engine/engine.ts';
import {loadModel} from '../src/engine/engines.ts';
import {quantiseInto} from '../src/features/quantise.ts';
import {readAudioFile} from '../src/formats/audio-file.ts';
import type {Graph, Node, Tensor, TensorData} from '../src/graph/graph.ts';
import {pruneGraph} from '../src/graph/prune-graph.ts';
import {findReusableColumns} from '../src/graph/reusable-columns.ts';
import {tensorOf} from '../src/graph/tensor-of.ts';
import {countColumns, timeAxis, type TimeLine} from '../src/graph/time-line.ts';
import {validateGraph} from '../src/graph/validate-graph.ts';
import type {KeywordSystem} from '../src/systems/keyword-system.ts';
import {findKeywordSystem, keywordSystemIds} from '../src/systems/keyword-systems.ts';
import {computeMfcc} from '../test/support/kws-front-end.ts';
import {sharedPath} from '../test/support/shared.ts';
import {median} from './statistics.ts';
import {findSystemWeights} from './weights.ts';

const CLIPS_PER_LABEL = 20;
const CLIP_SAMPLES = 16_000;
/** Frames of past, 0.8 s: more than the padding of any of these networks reaches, and whole columns of each. */
const PAST_FRAMES = 40;

interface Clip {
  readonly label: string;
  readonly samples: Float32Array;
}

function readClips(): readonly Clip[] {
  const counts = new Map<string, number>();
  return readFileSync(sharedPath('audio/speech-commands-dev/index.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as {file: string; label: string})
    .filter(({label}) => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      return (counts.get(label) ?? 0) <= CLIPS_PER_LABEL;
    })
    .map(({file, label}) => {
      const bytes = readFileSync(sharedPath('audio/speech-commands-dev', file));
      const samples = new Float32Array(CLIP_SAMPLES);
      samples.set((readAudioFile(bytes).channels[0] ?? samples).subarray(0, CLIP_SAMPLES));
      return {label, samples};
    });
}

/** A network in two parts, before and from where time is pooled. */
interface CutNetwork {
  readonly front: Graph;
  readonly rest: Graph;
  readonly time: TimeLine;
}

function cut(graph: Graph, frameCount: number): CutNetwork {
  const layers = findReusableColumns(graph, {frameCount, shift: 1});
  const pooled = layers.findIndex(({time}) => !time);
  const last = layers[pooled - 1];
  if (!last?.time)
    throw new RangeError(`got ${graph.name} without columns, expected some before time is pooled`);
  const {outputs} = last.node;
  const front = {...graph, nodes: graph.nodes.slice(0, pooled), outputs};
  const rest = {...graph, nodes: graph.nodes.slice(pooled), inputs: outputs};
  return {front: pruneGraph(front), rest: pruneGraph(rest), time: last.time};
}

/** A network of columns alone, over more frames: every tensor has more columns. */
function lengthen(front: Graph, frameCount: number): Graph {
  const tensors = new Map(front.tensors);
  const resize = (tensor: Tensor, axis: number, size: number): readonly number[] => {
    const shape = tensor.shape.with(axis, size);
    tensors.set(tensor.name, {...tensor, shape});
    return shape;
  };
  const input = tensorOf(front, front.inputs[0]);
  const frameAxis = input.shape.findIndex((size) => size % frameCount === 0);
  resize(input, frameAxis, ((input.shape[frameAxis] ?? 0) / frameCount) * (frameCount + PAST_FRAMES));
  const nodes = findReusableColumns(front, {frameCount, shift: 1}).map(({node, time}): Node => {
    const output = tensorOf(front, node.outputs[0]);
    if (!time) throw new RangeError(`got ${node.op}, which has no columns, expected columns in all nodes`);
    const size = time.columnCount + PAST_FRAMES / time.framesPerColumn;
    const shape = resize(output, timeAxis(output.shape, time), size);
    return node.op === 'Reshape' ? {...node, attributes: {shape}} : node;
  });
  const longer = {...front, nodes, tensors};
  validateGraph(longer); // so its columns are as many as its strides make
  return longer;
}

/** The newest columns of values [outerCount × more columns × the rest], as many as the window has. */
function newestColumns(values: TensorData, {outerCount, columnCount, framesPerColumn}: TimeLine): TensorData {
  const pastCount = PAST_FRAMES / framesPerColumn;
  const rest = values.length / outerCount / (columnCount + pastCount);
  const newest = values.slice(0, outerCount * columnCount * rest);
  for (let outer = 0; outer < outerCount; outer++) {
    const end = (outer + 1) * (columnCount + pastCount) * rest;
    newest.set(values.subarray(end - columnCount * rest, end), outer * columnCount * rest);
  }
  return newest;
}

async function measure(id: string, clips: readonly Clip[]): Promise<Record<string, unknown>> {
  const weights = await findSystemWeights(id);
  if ('absent' in weights) return {note: weights.absent};
  const system = await findKeywordSystem(id);
  const graph = system.buildGraph(Buffer.from(weights.base64, 'base64'));
  const {front, rest, time} = cut(graph, system.frameCount);
  const open = (part: Graph): Promise<Model> =>
    loadModel(part, 'onnx', {numerics: system.card.defaults.numerics, assets: nodeEngineAssets()});
  const longer = lengthen(front, system.frameCount);
  const models = {
    whole: await open(graph),
    short: await open(front),
    long: await open(longer),
    rest: await open(rest),
  };
  const firstUnpadded = findFirstUnpadded(longer, system.frameCount, time);
  const compared: Comparison[] = [];
  for (const [index, clip] of clips.entries()) {
    const past = clips.at(index - 1)?.samples ?? clip.samples;
    const input = createInput(graph, system, joinPast(past, clip.samples, system));
    const window = input.slice(-system.frameCount * system.mfcc.coefficientCount);
    const full = await runOnce(models.whole, window);
    const columns = newestColumns(await runOnce(models.long, input), time);
    const kept = await runOnce(models.rest, columns);
    const control = largestFrom(firstUnpadded, time, {a: await runOnce(models.short, window), b: columns});
    compared.push({...compare(system, clip.label, {full, kept}), control});
  }
  for (const model of Object.values(models)) model.dispose();
  return summarise(compared);
}

/** The first column that no padding at the start reaches. */
function findFirstUnpadded(longer: Graph, frameCount: number, {framesPerColumn}: TimeLine): number {
  const question = {frameCount: frameCount + PAST_FRAMES, shift: framesPerColumn};
  const last = findReusableColumns(longer, question).at(-1)?.time;
  if (!last || countColumns(last.reusable) === 0) {
    throw new RangeError(
      `got padding in all columns, expected some without it after ${PAST_FRAMES} more frames`,
    );
  }
  return last.reusable.first;
}

/** The largest difference from that column on: what the longer network must not change. */
function largestFrom(
  first: number,
  {outerCount, columnCount}: TimeLine,
  {a, b}: {readonly a: TensorData; readonly b: TensorData},
): number {
  const rest = a.length / outerCount / columnCount;
  const isIn = (index: number): boolean => Math.floor(index / rest) % columnCount >= first;
  const differences = Array.from(a, (value, index) =>
    isIn(index) ? Math.abs(value - (b[index] ?? NaN)) : 0,
  );
  return differences.reduce((largest, difference) => Math.max(largest, difference), 0);
}

async function runOnce(model: Model, input: TensorData): Promise<TensorData> {
  const [output] = await model.run([input]);
  if (!output) throw new RangeError('got no output, expected one');
  return output.slice();
}

/** As much of the past's end as the longer network sees, then the clip; the frames of both lie on one grid. */
function joinPast(past: Float32Array, samples: Float32Array, {mfcc}: KeywordSystem): Float32Array {
  const pastSamples = PAST_FRAMES * mfcc.hopLength;
  const joined = new Float32Array(pastSamples + samples.length);
  joined.set(past.subarray(past.length - pastSamples));
  joined.set(samples, pastSamples);
  return joined;
}

function createInput(graph: Graph, {mfcc}: KeywordSystem, samples: Float32Array): Float32Array | Int8Array {
  const cepstra = computeMfcc(mfcc, samples);
  const {type, quantisation} = tensorOf(graph, graph.inputs[0]);
  if (type !== 'int8' || !quantisation) return cepstra;
  const quantised = new Int8Array(cepstra.length);
  quantiseInto(cepstra, quantisation.scale[0] ?? 1, quantisation.zeroPoint[0] ?? 0, quantised);
  return quantised;
}

interface Comparison {
  readonly isFullRight: boolean;
  readonly isKeptRight: boolean;
  readonly isSameLabel: boolean;
  /** The largest difference between outputs, as a share of the full window's range of outputs. */
  readonly difference: number;
  /** The largest difference in the columns that padding at the start does not reach: rounding alone, 0 in integers. */
  readonly control: number;
}

function compare(
  {card}: KeywordSystem,
  label: string,
  {full, kept}: {readonly full: TensorData; readonly kept: TensorData},
): Omit<Comparison, 'control'> {
  const labelOf = (values: TensorData): string | undefined =>
    card.labels[values.indexOf(Math.max(...values))];
  const differences = Array.from(full, (value, index) => Math.abs(value - (kept[index] ?? NaN)));
  return {
    isFullRight: labelOf(full) === label,
    isKeptRight: labelOf(kept) === label,
    isSameLabel: labelOf(full) === labelOf(kept),
    difference: Math.max(...differences) / (Math.max(...full) - Math.min(...full)),
  };
}

function summarise(compared: readonly Comparison[]): Record<string, unknown> {
  const count = (test: (comparison: Comparison) => boolean): number => compared.filter(test).length;
  const differences = compared.map(({difference}) => difference);
  return {
    clips: compared.length,
    'right, full window': count(({isFullRight}) => isFullRight),
    'right, start kept': count(({isKeptRight}) => isKeptRight),
    'other label': count(({isSameLabel}) => !isSameLabel),
    'median difference, of the range': Number(median(differences).toFixed(3)),
    'largest difference': Number(Math.max(...differences).toFixed(3)),
    'control: columns without padding': Number(
      Math.max(...compared.map(({control}) => control)).toPrecision(2),
    ),
  };
}

const clips = readClips();
const rows: Record<string, unknown> = {};
for (const id of keywordSystemIds) rows[id] = await measure(id, clips);
console.table(rows);
