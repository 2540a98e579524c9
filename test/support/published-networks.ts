import {readFileSync} from 'node:fs';
import {nodeEngineAssets} from '../../src/cli/node-engine-assets.ts';
import type {EngineName, Model, Numerics, Rounding} from '../../src/engine/engine.ts';
import {loadModel} from '../../src/engine/engines.ts';
import {quantiseInto} from '../../src/features/quantise.ts';
import type {Graph, Tensor} from '../../src/graph/graph.ts';
import {elementCount} from '../../src/graph/shape.ts';
import {tensorOf} from '../../src/graph/tensor-of.ts';
import {loadClip} from './goldens.ts';
import {computeMfcc, KWS_MFCC} from './kws-front-end.ts';
import {seededRandom} from './prng.ts';
import {sharedPath} from './shared.ts';

/** Quantised networks of shared/models, by file name. */
export const publishedNetworks = [
  'micronet_large_int8',
  'ds_cnn_clustered_int8_rebuilt',
  'ds_cnn_large_int8',
  'mlperf_tiny_kws_int8',
] as const;

/** One window of a clip, as kws_model_outputs.json names it. */
export interface ClipWindow {
  readonly clip: string;
  readonly start: number; // samples
}

/** A network's int8 outputs for a window, made with gemmlowp's rounding by an independent reference. */
export interface ModelOutput extends ClipWindow {
  readonly model: string;
  readonly output_int8?: readonly number[]; // the network's output, or, where that is a softmax:
  readonly logits_int8?: readonly number[];
}

const WINDOW_SAMPLES = 16_000;
const COEFFICIENT_COUNT = 10;

/** The bytes of a published file. */
export function networkBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(sharedPath('models', `${name}.tflite`)));
}

/** All rows of kws_model_outputs.json. */
export function modelOutputs(): readonly ModelOutput[] {
  const text = readFileSync(sharedPath('reference', 'golden', 'kws_model_outputs.json'), 'utf8');
  return (JSON.parse(text) as {rows: readonly ModelOutput[]}).rows;
}

/** The graph's first input. */
export function inputOf(graph: Graph): Tensor {
  return tensorOf(graph, graph.inputs[0]);
}

/** The int8 input that a window of a clip becomes for a network with this input. */
export function windowInput({quantisation}: Tensor, {clip, start}: ClipWindow): Int8Array {
  const mfcc = computeMfcc(KWS_MFCC, loadClip(clip).subarray(start, start + WINDOW_SAMPLES));
  const input = new Int8Array(mfcc.length);
  quantiseInto(mfcc, quantisation!.scale[0]!, quantisation!.zeroPoint[0]!, input);
  return input;
}

/** Random int8 inputs with the spread of cepstra: a wide c0 below zero, and ever narrower others. */
export function mfccLikeInputs(
  {shape, quantisation}: Tensor,
  count: number,
  seed: number,
): readonly Int8Array[] {
  const random = seededRandom(seed);
  const {scale, zeroPoint} = quantisation!;
  return Array.from({length: count}, () => {
    const cepstra = Float32Array.from({length: elementCount(shape)}, (_, index) => {
      const order = index % COEFFICIENT_COUNT;
      return order === 0 ? 60 * random.gaussian() - 60 : (25 * random.gaussian()) / Math.sqrt(order);
    });
    const input = new Int8Array(cepstra.length);
    quantiseInto(cepstra, scale[0]!, zeroPoint[0]!, input);
    return input;
  });
}

/** Loads a graph in Node. */
export function loadInNode(
  graph: Graph,
  engine: EngineName,
  numerics: Numerics,
  rounding: Rounding = 'xnnpack',
): Promise<Model> {
  return loadModel(graph, engine, {numerics, rounding, assets: nodeEngineAssets()});
}

/** Runs a network of one input and one output on each input in turn. */
export async function runAll(
  model: Model,
  inputs: readonly (Int8Array | Float32Array)[],
): Promise<readonly (readonly number[])[]> {
  const outputs: (readonly number[])[] = [];
  for (const input of inputs) {
    const [output] = await model.run([input]);
    outputs.push(Array.from(output!));
  }
  return outputs;
}

/** Index of the largest value, the first of equals. */
export function argmax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}
