/**
 * Prints how long a layer of gated recurrent units takes with 8-bit weights beside float32 in onnxruntime-web, by turns in
 * each round (the shortest time of each: other programs only add), for pieces of several lengths, and how far the results
 * are apart: what docs/decisions/0015 rests on. Random weights of PyTorch's initial range.
 * Usage: npx tsx bench/gru-forms.ts [threads] [rounds] [units] [inputs]
 */
import {OnnxSession} from '../src/engine/onnx-session.ts';
import {encodeOnnx} from '../src/formats/onnx/encode-onnx.ts';
import {createDynamicLowerings} from '../src/formats/onnx/lower-dynamic.ts';
import {quantisedLowerings} from '../src/formats/onnx/lower-quantised.ts';
import {lowerGraph, writeOnnx} from '../src/formats/onnx/write-onnx.ts';
import type {Graph} from '../src/graph/graph.ts';
import {ANY_LENGTH, elementCount} from '../src/graph/shape.ts';
import {constant, graphOf, type TensorSpec} from '../test/support/graph-builder.ts';
import {seededRandom} from '../test/support/prng.ts';
import {runtimeInNode} from './node-runtime.ts';
import {relativeError} from './relative-error.ts';

const LENGTHS = [1, 10, 25, 50];

const random = seededRandom(15);
const threadCount = Number(process.argv[2] ?? 1);
const rounds = Number(process.argv[3] ?? 9);
const units = Number(process.argv[4] ?? 2560);
const width = Number(process.argv[5] ?? units);

function weights(...shape: number[]): TensorSpec {
  return constant(shape, random.samples(elementCount(shape), 1 / Math.sqrt(units)));
}

const graph: Graph = graphOf(
  {
    x: {shape: [ANY_LENGTH, 1, width]},
    w: weights(1, 3 * units, width),
    r: weights(1, 3 * units, units),
    b: weights(1, 6 * units),
    h: {shape: [1, 1, units]},
    y: {shape: [ANY_LENGTH, 1, 1, units]},
    n: {shape: [1, 1, units]},
  },
  [{op: 'Gru', inputs: ['x', 'w', 'r', 'b', 'h'], outputs: ['y', 'n'], attributes: {}}],
  {inputs: ['x', 'h'], outputs: ['y', 'n']},
);

const runtime = runtimeInNode(threadCount);
const open = async (file: Uint8Array): Promise<OnnxSession> =>
  await OnnxSession.open(runtime, graph, file, {provider: 'wasm'});
const sessions = [
  await open(writeOnnx(graph)),
  await open(encodeOnnx(lowerGraph(graph, quantisedLowerings, createDynamicLowerings()))),
];
console.log(
  `${units} units, ${width} inputs, ${runtime.env.wasm.numThreads} threads, best of ${rounds} rounds`,
);
const rows: Record<string, Record<string, string>> = {};
for (const length of LENGTHS) {
  const inputs = [random.samples(length * width), new Float32Array(units)];
  const bestMs = sessions.map(() => Infinity);
  const outputs = sessions.map(() => new Float32Array());
  for (let round = -1; round < rounds; round++) {
    for (const [index, session] of sessions.entries()) {
      const startMs = performance.now();
      const [output] = await session.run(inputs);
      bestMs[index] = Math.min(bestMs[index] ?? NaN, performance.now() - startMs);
      outputs[index] = output as Float32Array<ArrayBuffer>;
    }
  }
  const [floatMs = NaN, integerMs = NaN] = bestMs;
  const [expected = new Float32Array(), got = new Float32Array()] = outputs;
  rows[`${length} steps`] = {
    'float32, ms': floatMs.toFixed(1),
    'int8, ms': integerMs.toFixed(1),
    'int8 ÷ float32': (integerMs / floatMs).toFixed(2),
    'relative error': relativeError(got, expected).toFixed(4),
    'of the last step': relativeError(got.slice(-units), expected.slice(-units)).toFixed(4),
  };
}
for (const session of sessions) session.release();
console.table(rows);
