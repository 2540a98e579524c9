import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import type {Graph} from '../../src/graph/graph.ts';
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
} from '../support/published-networks.ts';
import {hasShared} from '../support/shared.ts';
import {withLogitsAsOutput} from '../support/tflite-logits.ts';
import {openTfliteRuntime, type TfliteRuntime} from '../support/tflite-runtime.ts';

const ENGINES = ['integer', 'onnx'] as const;
const INPUT_COUNT = 200;
const SEED = 20_240_611;

describe.skipIf(!hasShared)('int8-exact, against TFLite itself (skipped where ../shared is absent)', () => {
  let tflite: TfliteRuntime;
  beforeAll(async () => {
    tflite = await openTfliteRuntime();
  });
  afterAll(() => tflite.close());

  it.each(publishedNetworks)(`%s gives the same bits on ${INPUT_COUNT} seeded inputs`, async (network) => {
    const bytes = networkBytes(network);
    const graph = readTflite(bytes);
    const inputs = mfccLikeInputs(inputOf(graph), INPUT_COUNT, SEED);
    const expected = await tflite.run(bytes, inputs);
    // a runtime that gave the same answer to everything would prove nothing
    expect(new Set(expected.map(String)).size).toBeGreaterThan(INPUT_COUNT / 2);
    expect(new Set(expected.map(argmax)).size).toBeGreaterThan(1);
    await expectSameBits(graph, inputs, expected);
  });

  it.each(publishedNetworks.slice(1))('%s gives the same logits before its softmax', async (network) => {
    const bytes = withLogitsAsOutput(networkBytes(network));
    const graph = readTflite(bytes);
    expect(graph.nodes.some(({op}) => op === 'Softmax')).toBe(false);
    const windows = modelOutputs().filter(({model}) => model === 'micronet_large_int8');
    const inputs = [
      ...windows.map((window) => windowInput(inputOf(graph), window)),
      ...mfccLikeInputs(inputOf(graph), INPUT_COUNT, SEED),
    ];
    await expectSameBits(graph, inputs, await tflite.run(bytes, inputs));
  });

  it.each(publishedNetworks)('%s gives the same bits on the golden clips', async (network) => {
    const bytes = networkBytes(network);
    const graph = readTflite(bytes);
    const windows = modelOutputs().filter(({model}) => model === 'micronet_large_int8');
    expect(windows).toHaveLength(13);
    const inputs = windows.map((window) => windowInput(inputOf(graph), window));
    await expectSameBits(graph, inputs, await tflite.run(bytes, inputs));
  });
});

async function expectSameBits(
  graph: Graph,
  inputs: readonly Int8Array[],
  expected: readonly (readonly number[])[],
): Promise<void> {
  for (const engine of ENGINES) {
    const model = await loadInNode(graph, engine, 'int8-exact');
    expect(await runAll(model, inputs), `${engine}, seed ${SEED}`).toEqual(expected);
    model.dispose();
  }
}
