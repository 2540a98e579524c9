import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {dequantiseGraph} from '../../src/graph/dequantise-graph.ts';
import type {Rounding} from '../../src/engine/engine.ts';
import type {Graph} from '../../src/graph/graph.ts';
import {tensorOf} from '../../src/graph/tensor-of.ts';
import {system as earshotKws} from '../../src/systems/earshot-kws/system.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {
  argmax,
  inputOf,
  loadInNode,
  mfccLikeInputs,
  modelOutputs,
  networkBytes,
  publishedNetworks,
  runAll,
  windowInput,
  type ModelOutput,
} from '../support/published-networks.ts';
import {seededRandom} from '../support/prng.ts';
import {hasShared, sharedPath} from '../support/shared.ts';

const SEED = 5;

// how far the goldens, with gemmlowp's rounding, were expected to be from XNNPACK's at most
const GOLDEN_STEPS = 2;

// How many of the 156 values are further away than that, all the same. The expectation does not hold for
// ds_cnn_large_int8: two logits are 3 steps away and one is 4. TFLite's own runtime gives those very logits
// (test/browser/tflite-agreement.test.ts), so it is the rounding that differs, not this engine. Were the limit
// raised until everything passes, it would say nothing; so the exceptions are counted.
const VALUES_BEYOND = {micronet_large_int8: 0, ds_cnn_large_int8: 3};

// above this margin two steps either way cannot change which value is the largest
const CLEAR_MARGIN = 4;

// float32 sums in another order, over up to 20 layers: share of the range of the outputs
const FLOAT_TOLERANCE = 1e-4;

/** The network up to its logits: without the softmax at its end, if it has one. */
function upToLogits(graph: Graph): Graph {
  const last = graph.nodes.at(-1)!;
  if (last.op !== 'Softmax') return graph;
  return {...graph, nodes: graph.nodes.slice(0, -1), outputs: [last.inputs[0]!]};
}

const networksWithGoldens = [
  ['micronet_large_int8', 'micronet_large_int8'],
  ['ds_cnn_large_int8', 'ds_cnn_large_int8_not_clustered'],
] as const;

describe.skipIf(!hasShared)('published networks in int8-exact (skipped where ../shared is absent)', () => {
  it('reproduce the published vector of ds-cnn-clustered with the rounding it was made with, 12 of 12', async () => {
    const graph = readTflite(networkBytes('ds_cnn_clustered_int8_rebuilt'));
    const model = await loadInNode(graph, 'onnx', 'int8-exact', 'gemmlowp');
    const [output] = await runAll(model, [publishedVector('input')]);
    expect(output).toHaveLength(12);
    expect(output).toEqual(Array.from(publishedVector('output')));
    model.dispose();
  });

  it.each(networksWithGoldens)(
    '%s gives the goldens, which have gemmlowp rounding',
    async (network, name) => {
      const {goldens, outputs} = await runGoldens(network, name, 'gemmlowp');
      expect(outputs).toEqual(goldens.map(valuesOf));
    },
  );

  it.each(networksWithGoldens)('%s with XNNPACK rounding hears the same words', async (network, name) => {
    const {goldens, outputs} = await runGoldens(network, name, 'xnnpack');
    let clearCount = 0;
    goldens.map(valuesOf).forEach((golden, index) => {
      const [first, second] = golden.toSorted((a, b) => b - a);
      if (first! - second! <= CLEAR_MARGIN) return;
      clearCount++;
      const {clip, start} = goldens[index]!;
      expect(argmax(outputs[index]!), `${clip} from ${start}`).toBe(argmax(golden));
    });
    expect(clearCount).toBeGreaterThanOrEqual(12);
  });

  it.each(networksWithGoldens)(
    `%s with XNNPACK rounding is within ${GOLDEN_STEPS} steps of the goldens, but for the known values`,
    async (network, name) => {
      const {goldens, outputs} = await runGoldens(network, name, 'xnnpack');
      const golden = goldens.flatMap(valuesOf);
      const distances = outputs.flat().map((value, index) => Math.abs(value - golden[index]!));
      expect(distances).toHaveLength(156);
      const beyond = distances.filter((distance) => distance > GOLDEN_STEPS);
      expect(beyond).toHaveLength(VALUES_BEYOND[network]);
    },
  );
});

async function runGoldens(
  network: string,
  goldenName: string,
  rounding: Rounding,
): Promise<{goldens: readonly ModelOutput[]; outputs: readonly (readonly number[])[]}> {
  const graph = upToLogits(readTflite(networkBytes(network)));
  const goldens = modelOutputs().filter(({model}) => model === goldenName);
  expect(goldens).toHaveLength(13);
  const engine = rounding === 'xnnpack' ? 'integer' : 'onnx';
  const model = await loadInNode(graph, engine, 'int8-exact', rounding);
  const inputs = goldens.map((golden) => windowInput(inputOf(graph), golden));
  const outputs = await runAll(model, inputs);
  model.dispose();
  return {goldens, outputs};
}

function valuesOf({output_int8, logits_int8}: ModelOutput): readonly number[] {
  return output_int8 ?? logits_int8!;
}

describe('networks in float32', () => {
  it.skipIf(!hasShared).each(publishedNetworks)(
    '%s gives the same with both engines (skipped where ../shared is absent)',
    async (network) => {
      const graph = upToLogits(readTflite(networkBytes(network)));
      const {quantisation} = inputOf(graph);
      const [scale, zeroPoint] = [quantisation!.scale[0]!, quantisation!.zeroPoint[0]!];
      const inputs = mfccLikeInputs(inputOf(graph), 20, SEED).map((input) =>
        Float32Array.from(input, (value) => (value - zeroPoint) * scale),
      );
      await expectAgreement(dequantiseGraph(graph), inputs);
    },
  );

  it('earshot-kws gives the same with both engines', async () => {
    const bytes = readFileSync(
      new URL('../../public/models/earshot-kws/earshot-kws.safetensors', import.meta.url),
    );
    const graph = earshotKws.buildGraph(new Uint8Array(bytes));
    const random = seededRandom(SEED);
    const length = inputOf(graph).shape.reduce((product, size) => product * size, 1);
    await expectAgreement(
      graph,
      Array.from({length: 20}, () => random.samples(length, 20)),
    );
  });
});

async function expectAgreement(graph: Graph, inputs: readonly Float32Array[]): Promise<void> {
  expect(tensorOf(graph, graph.outputs[0]).type).toBe('float32');
  const [onnx, tfjs] = [
    await loadInNode(graph, 'onnx', 'float32'),
    await loadInNode(graph, 'tfjs', 'float32'),
  ];
  const [a, b] = [(await runAll(onnx, inputs)).flat(), (await runAll(tfjs, inputs)).flat()];
  const range = Math.max(...a) - Math.min(...a);
  expect(range).toBeGreaterThan(0);
  expect(maxAbsDifference(a, b) / range, `seed ${SEED}`).toBeLessThan(FLOAT_TOLERANCE);
  onnx.dispose();
  tfjs.dispose();
}

/** One side of the vector published with ds-cnn-clustered: NumPy's format, int8, version 1. */
function publishedVector(side: 'input' | 'output'): Int8Array {
  const file = readFileSync(sharedPath('models', 'vectors', `ds_cnn_clustered_int8.${side}.npy`));
  const headerBytes = 10 + file.readUInt16LE(8);
  expect(file.toString('latin1', 10, headerBytes)).toContain("'descr': '|i1'");
  return new Int8Array(file.subarray(headerBytes));
}
