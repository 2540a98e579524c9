/**
 * Prints what the precisions of the imported networks cost beside one another, at their published sizes with seeded
 * weights, in onnxruntime-web: bytes of weights, time of a run (by turns in each round, the shortest of each: other
 * programs only add), and how far the logits are from those in float32. What docs/decisions/0015 rests on.
 * Usage: npx tsx bench/imported-precisions.ts wav2vec2-base|deepspeech2 [seconds] [threads] [rounds]
 */
import {OnnxSession} from '../src/engine/onnx-session.ts';
import {encodeOnnx} from '../src/formats/onnx/encode-onnx.ts';
import {createDynamicLowerings} from '../src/formats/onnx/lower-dynamic.ts';
import {plainLowerings} from '../src/formats/onnx/lower-plain.ts';
import {quantisedLowerings} from '../src/formats/onnx/lower-quantised.ts';
import type {LowerTable} from '../src/formats/onnx/lowering.ts';
import type {OnnxConstant} from '../src/formats/onnx/onnx-graph.ts';
import {lowerGraph} from '../src/formats/onnx/write-onnx.ts';
import type {Graph} from '../src/graph/graph.ts';
import {ANY_LENGTH, elementCount} from '../src/graph/shape.ts';
import {tensorOf} from '../src/graph/tensor-of.ts';
import {system as deepSpeech2} from '../src/systems/deepspeech2/system.ts';
import {deepSpeech2Shapes} from '../src/systems/deepspeech2/weights.ts';
import {wav2vec2Shapes, type Wav2Vec2Sizes} from '../src/systems/wav2vec2-base/layout.ts';
import {system as wav2vec2} from '../src/systems/wav2vec2-base/system.ts';
import {seededCheckpoint, seededValues} from '../test/support/seeded-checkpoint.ts';
import {runtimeInNode} from './node-runtime.ts';
import {relativeError} from './relative-error.ts';

interface Subject {
  readonly build: () => Graph;
  readonly rowsPerSecond: number;
}

/** The published sizes. */
const BASE: Wav2Vec2Sizes = {
  channels: new Array<number>(7).fill(512),
  hidden: 768,
  layerCount: 12,
  inner: 3072,
};

const subjects: Readonly<Record<string, Subject>> = {
  'wav2vec2-base': {
    build: () => wav2vec2.buildGraph(seededCheckpoint(wav2vec2Shapes(BASE))),
    rowsPerSecond: 16_000,
  },
  deepspeech2: {
    build: () => deepSpeech2.buildGraph(seededCheckpoint(deepSpeech2Shapes(2560))),
    rowsPerSecond: 100,
  },
};

const precisions: Readonly<Record<string, () => LowerTable>> = {
  float32: () => plainLowerings,
  'int8, convolutions in float32': () => ({...createDynamicLowerings(), Conv: plainLowerings.Conv}),
  int8: createDynamicLowerings,
};

interface Contender {
  readonly name: string;
  readonly session: OnnxSession;
  readonly weightBytes: number;
  bestMs: number;
  logits: Float32Array;
}

async function open(graph: Graph, name: string, table: LowerTable): Promise<Contender> {
  const network = lowerGraph(graph, quantisedLowerings, table);
  const constants: OnnxConstant[] = [...network.constants];
  for (const group of network.deferred) {
    const contents = await group.load();
    group.constants.forEach((value, index) => {
      constants.push({...value, bytes: contents[index] ?? new Uint8Array()});
    });
  }
  const weightBytes = constants.reduce((sum, {bytes}) => sum + bytes.length, 0);
  const file = encodeOnnx({...network, constants});
  const session = await OnnxSession.open(runtime, graph, file, {provider: 'wasm'});
  return {name, session, weightBytes, bestMs: Infinity, logits: new Float32Array()};
}

const [subjectName = '', seconds = '5', threads = '1', rounds = '5'] = process.argv.slice(2);
const subject = subjects[subjectName];
if (!subject) throw new RangeError(`got ${subjectName}, expected ${Object.keys(subjects).join(' or ')}`);
const runtime = runtimeInNode(Number(threads));
const graph = subject.build();
const rowCount = Math.round(subject.rowsPerSecond * Number(seconds));
const inputs = graph.inputs.map((name) => {
  const count = elementCount(
    tensorOf(graph, name).shape.map((size) => (size === ANY_LENGTH ? rowCount : size)),
  );
  return seededValues(name, count);
});
const contenders: Contender[] = [];
for (const [name, table] of Object.entries(precisions)) contenders.push(await open(graph, name, table()));
for (let round = -1; round < Number(rounds); round++) {
  for (const contender of contenders) {
    const startMs = performance.now();
    const [logits] = await contender.session.run(inputs);
    contender.bestMs = Math.min(contender.bestMs, performance.now() - startMs);
    contender.logits = Float32Array.from(logits as Float32Array);
  }
}
const [reference] = contenders as [Contender, ...Contender[]];
console.log(`${subjectName}, ${seconds} s, ${runtime.env.wasm.numThreads} threads, best of ${rounds} rounds`);
console.table(
  Object.fromEntries(
    contenders.map(({name, weightBytes, bestMs, logits}) => [
      name,
      {
        'weights, MB': (weightBytes / 1e6).toFixed(1),
        'run, ms': bestMs.toFixed(0),
        '÷ float32': (bestMs / reference.bestMs).toFixed(2),
        'real-time factor': (bestMs / 1000 / Number(seconds)).toFixed(3),
        'relative error': relativeError(logits, reference.logits).toFixed(4),
      },
    ]),
  ),
);
