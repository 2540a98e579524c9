/**
 * Prints where the time of a window goes in the integer engine, node by node, beside the same node alone in onnxruntime-web
 * (`int8-exact`; a session of its own, whose call from JavaScript costs about 0.05 ms). Medians, by turns in each round, one
 * thread, in Node. Every published int8 network of the shared material, or the `.tflite` file that is named.
 * Usage: npx tsx bench/layer-times.ts [rounds] [file]
 */
import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {nodeEngineAssets} from '../src/cli/node-engine-assets.ts';
import type {Model} from '../src/engine/engine.ts';
import {loadModel} from '../src/engine/engines.ts';
import {IntegerNetwork} from '../src/engine/integer/integer-network.ts';
import {readTflite} from '../src/formats/tflite/read-tflite.ts';
import type {Graph, Node, TensorData} from '../src/graph/graph.ts';
import {elementCount} from '../src/graph/shape.ts';
import {tensorOf} from '../src/graph/tensor-of.ts';
import {kernelsFile} from '../scripts/compile-kernels.mjs';
import {seededRandom} from '../test/support/prng.ts';
import {publishedNetworks} from '../test/support/published-networks.ts';
import {sharedPath} from '../test/support/shared.ts';
import {median} from './statistics.ts';

const SEED = 20_26;
const WARM_UP_ROUNDS = 20;
const random = seededRandom(SEED);

/** One node: its steps in our kernels, and itself as a network in onnxruntime-web. */
interface Layer {
  readonly node: Node;
  readonly shape: readonly number[];
  readonly macs: number;
  readonly steps: readonly number[];
  readonly alone: Model | undefined;
  readonly inputs: readonly TensorData[];
  readonly integerMs: number[];
  readonly onnxMs: number[];
}

/** Multiplications of a layer; 0 for other ops. */
function countMacs({op, inputs, outputs}: Node, graph: Graph): number {
  if (op !== 'Conv' && op !== 'Gemm') return 0;
  const [, ...weights] = tensorOf(graph, inputs[1]).shape;
  return elementCount(tensorOf(graph, outputs[0]).shape) * elementCount(weights);
}

async function loadAlone(node: Node, graph: Graph): Promise<Model | undefined> {
  const inputs = node.inputs.filter((name) => !tensorOf(graph, name).data);
  const alone = {...graph, nodes: [node], inputs, outputs: node.outputs};
  const assets = nodeEngineAssets();
  return await loadModel(alone, 'onnx', {numerics: 'int8-exact', assets}).catch(() => undefined);
}

async function prepare(graph: Graph, network: IntegerNetwork): Promise<readonly Layer[]> {
  const layers: Layer[] = [];
  for (const [index, node] of graph.nodes.entries()) {
    const alone = await loadAlone(node, graph);
    const inputs = alone?.graph.inputs.map((name) => randomValues(alone.graph, name)) ?? [];
    const steps = network.steps.flatMap(({nodeIndex}, step) => (nodeIndex === index ? [step] : []));
    const {shape} = tensorOf(graph, node.outputs[0]);
    layers.push({
      ...{node, shape, steps, alone, inputs, macs: countMacs(node, graph)},
      ...{integerMs: [], onnxMs: []},
    });
  }
  return layers;
}

function randomValues(graph: Graph, name: string): TensorData {
  return Int8Array.from({length: elementCount(tensorOf(graph, name).shape)}, () => random.integer(-128, 127));
}

async function timeRound(
  {steps, alone, inputs, integerMs, onnxMs}: Layer,
  network: IntegerNetwork,
): Promise<void> {
  const startMs = performance.now();
  for (const step of steps) network.runStep(step);
  const betweenMs = performance.now();
  await alone?.run(inputs);
  integerMs.push(betweenMs - startMs);
  if (alone) onnxMs.push(performance.now() - betweenMs);
}

function describe(layer: Layer, totalMs: number, network: IntegerNetwork): Record<string, string> {
  const {node, shape, macs, steps} = layer;
  const [ours, onnx] = [medianOf(layer.integerMs), medianOf(layer.onnxMs)];
  return {
    op: node.op,
    output: shape.join(' × '),
    kernels: steps.map((step) => network.steps[step]?.kernel).join(' '),
    'integer, ms': ours.toFixed(4),
    'share, %': ((100 * ours) / totalMs).toFixed(1),
    'MACs, millions': macs > 0 ? (macs / 1e6).toFixed(3) : '',
    'MACs/ns': macs > 0 ? (macs / ours / 1e6).toFixed(1) : '',
    'onnx alone, ms': Number.isNaN(onnx) ? '' : onnx.toFixed(4),
    'integer ÷ onnx': Number.isNaN(onnx) ? '' : (ours / onnx).toFixed(2),
  };
}

/** Without the warm-up. */
function medianOf(times: readonly number[]): number {
  return times.length > WARM_UP_ROUNDS ? median(times.slice(WARM_UP_ROUNDS)) : NaN;
}

async function measure(path: string, rounds: number, module: WebAssembly.Module): Promise<void> {
  const graph = readTflite(new Uint8Array(readFileSync(path)));
  const network = IntegerNetwork.create(graph, module);
  network.write(graph.inputs.map((name) => randomValues(graph, name)));
  const layers = await prepare(graph, network);
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
    for (const layer of layers) await timeRound(layer, network);
  }
  const totalMs = layers.reduce((sum, {integerMs}) => sum + medianOf(integerMs), 0);
  const macs = layers.reduce((sum, layer) => sum + layer.macs, 0);
  console.log(
    `\n${basename(path)}: ${totalMs.toFixed(3)} ms in all, ${(macs / 1e6).toFixed(1)} million MACs, ` +
      `${(macs / totalMs / 1e6).toFixed(1)} a nanosecond, ${(network.byteLength / 1e6).toFixed(2)} MB of memory`,
  );
  console.table(layers.map((layer) => describe(layer, totalMs, network)));
  for (const {alone} of layers) alone?.dispose();
}

const rounds = Number(process.argv[2] ?? 100);
const module = await WebAssembly.compile(readFileSync(kernelsFile));
const files = process.argv[3]
  ? [process.argv[3]]
  : publishedNetworks.map((name) => sharedPath('models', `${name}.tflite`));
for (const file of files) await measure(file, rounds, module);
