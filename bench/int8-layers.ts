/**
 * Prints how long the layers of the large networks take with 8-bit weights beside float32, each alone in a session of
 * onnxruntime-web, by turns in each round (the
 * shortest time of each: other programs only add), and how far the results are apart: what docs/decisions/0015 rests on. Random
 * weights; the sizes are those of 5 s of sound (wav2vec2-base) and of a piece of half a second (DeepSpeech2).
 * Usage: npx tsx bench/int8-layers.ts [threads] [rounds] [part of a layer's title]
 */
import type {Runtime} from '../src/engine/onnx-runtime.ts';
import {OnnxSession} from '../src/engine/onnx-session.ts';
import {encodeOnnx} from '../src/formats/onnx/encode-onnx.ts';
import {createDynamicLowerings} from '../src/formats/onnx/lower-dynamic.ts';
import {quantisedLowerings} from '../src/formats/onnx/lower-quantised.ts';
import {lowerGraph, writeOnnx} from '../src/formats/onnx/write-onnx.ts';
import type {Graph, OpAttributes} from '../src/graph/graph.ts';
import {inferShapes} from '../src/graph/infer-shape.ts';
import {elementCount} from '../src/graph/shape.ts';
import {tensorOf} from '../src/graph/tensor-of.ts';
import {constant, graphOf, node, type TensorSpec} from '../test/support/graph-builder.ts';
import {seededRandom} from '../test/support/prng.ts';
import {runtimeInNode} from './node-runtime.ts';
import {relativeError} from './relative-error.ts';

const random = seededRandom(6);

/** Weights as a trained network has them, roughly: normally distributed, so that the sums are about 1. */
function weights(...shape: number[]): TensorSpec {
  const count = elementCount(shape);
  const deviation = Math.sqrt((shape[0] ?? 1) / count);
  return constant(
    shape,
    Float32Array.from({length: count}, () => random.gaussian() * deviation),
  );
}

function conv(
  x: readonly number[],
  w: readonly [number, number, number, number],
  attributes: Partial<OpAttributes['Conv']>,
): Graph {
  const unit = {strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1], group: 1} as const;
  const layer = node('Conv', ['x', 'w', 'b'], 'y', {...unit, ...attributes});
  const [y = []] = inferShapes(layer, [x, w, [w[0]]]);
  return graphOf({x: {shape: x}, w: weights(...w), b: weights(w[0]), y: {shape: y}}, [layer]);
}

function gemm(rows: number, inputs: number, outputs: number): Graph {
  const tensors = {x: {shape: [rows, inputs]}, w: weights(outputs, inputs), b: weights(outputs)};
  return graphOf({...tensors, y: {shape: [rows, outputs]}}, [node('Gemm', ['x', 'w', 'b'], 'y', {})]);
}

const layers: Readonly<Record<string, () => Graph>> = {
  'wav2vec2 conv 0': () => conv([1, 1, 1, 80_000], [512, 1, 1, 10], {strides: [1, 5]}),
  'wav2vec2 conv 1': () => conv([1, 512, 1, 15_999], [512, 512, 1, 3], {strides: [1, 2]}),
  'wav2vec2 conv 2': () => conv([1, 512, 1, 7999], [512, 512, 1, 3], {strides: [1, 2]}),
  'wav2vec2 conv 4': () => conv([1, 512, 1, 1999], [512, 512, 1, 3], {strides: [1, 2]}),
  'wav2vec2 conv 5': () => conv([1, 512, 1, 999], [512, 512, 1, 2], {strides: [1, 2]}),
  'wav2vec2 positional conv': () =>
    conv([1, 768, 1, 249], [768, 48, 1, 128], {pads: [0, 64, 0, 63], group: 16}),
  'wav2vec2 features': () => gemm(249, 512, 768),
  'wav2vec2 attention': () => gemm(249, 768, 768),
  'wav2vec2 feed forward 1': () => gemm(249, 768, 3072),
  'wav2vec2 feed forward 2': () => gemm(249, 3072, 768),
  'wav2vec2 head': () => gemm(249, 768, 32),
  'DeepSpeech2 conv 1': () => conv([1, 1, 161, 79], [32, 1, 41, 11], {strides: [2, 2]}),
  'DeepSpeech2 conv 2': () => conv([1, 32, 61, 35], [32, 32, 21, 11], {strides: [2, 1]}),
  'DeepSpeech2 gates, one step': () => gemm(1, 2560, 7680),
  'DeepSpeech2 gates, 25 steps': () => gemm(25, 2560, 7680),
  'DeepSpeech2 head': () => gemm(25, 2560, 29),
};

interface Contender {
  readonly session: OnnxSession;
  readonly timesMs: number[];
  output: Float32Array;
}

async function open(runtime: Runtime, graph: Graph, file: Uint8Array): Promise<Contender> {
  const session = await OnnxSession.open(runtime, graph, file, {provider: 'wasm'});
  return {session, timesMs: [], output: new Float32Array()};
}

async function timeLayer(runtime: Runtime, graph: Graph, rounds: number): Promise<Record<string, string>> {
  const integerFile = encodeOnnx(lowerGraph(graph, quantisedLowerings, createDynamicLowerings()));
  const contenders = [await open(runtime, graph, writeOnnx(graph)), await open(runtime, graph, integerFile)];
  const {shape} = tensorOf(graph, 'x');
  const input = Float32Array.from({length: elementCount(shape)}, () => random.gaussian());
  for (let round = -2; round < rounds; round++) {
    for (const contender of contenders) {
      const startMs = performance.now();
      const [output] = await contender.session.run([input]);
      if (round >= 0) contender.timesMs.push(performance.now() - startMs);
      contender.output = output as Float32Array;
    }
  }
  for (const {session} of contenders) session.release();
  const [float, integer] = contenders as [Contender, Contender];
  const [floatMs, integerMs] = [Math.min(...float.timesMs), Math.min(...integer.timesMs)];
  return {
    'float32, ms': floatMs.toFixed(2),
    'int8, ms': integerMs.toFixed(2),
    'int8 ÷ float32': (integerMs / floatMs).toFixed(2),
    'relative error': relativeError(integer.output, float.output).toFixed(4),
  };
}

const threadCount = Number(process.argv[2] ?? 1);
const rounds = Number(process.argv[3] ?? 9);
const part = process.argv[4] ?? '';
const runtime = runtimeInNode(threadCount);
console.log(`${runtime.env.wasm.numThreads} threads, best of ${rounds} rounds`);
const rows: Record<string, Record<string, string>> = {};
for (const [title, build] of Object.entries(layers)) {
  if (title.includes(part)) rows[title] = await timeLayer(runtime, build(), rounds);
}
console.table(rows);
