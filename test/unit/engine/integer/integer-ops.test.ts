import {describe, expect, it} from 'vitest';
import {validateGraph} from '../../../../src/graph/validate-graph.ts';
import {seededRandom} from '../../../support/prng.ts';
import {loadInNode, runAll} from '../../../support/published-networks.ts';
import {layerGraph, quantisedOpCases, randomInput} from '../../../support/quantised-op-cases.ts';
import type {Graph} from '../../../../src/graph/graph.ts';

const SEED = 4;
const RUN_COUNT = 5;
const RANDOM_CONVOLUTIONS = 60;

/** The outputs of both engines; those of onnxruntime-web are held to TFLite's by the browser tests. */
async function expectSameBits(graph: Graph, seed: number): Promise<void> {
  validateGraph(graph);
  const random = seededRandom(seed);
  const inputs = Array.from({length: RUN_COUNT}, () => randomInput(graph, random));
  const [integer, onnx] = [
    await loadInNode(graph, 'integer', 'int8-exact'),
    await loadInNode(graph, 'onnx', 'int8-exact'),
  ];
  const expected = await runAll(onnx, inputs);
  const outputs = await runAll(integer, inputs);
  integer.dispose();
  onnx.dispose();
  expect(outputs, `seed ${seed}`).toEqual(expected);
  expect(new Set(expected.flat()).size).toBeGreaterThan(1);
}

describe('the integer engine', () => {
  it.each(quantisedOpCases)('gives the bits of onnxruntime-web for $title', async ({graph}) => {
    await expectSameBits(graph, SEED);
  });

  it(`gives them for ${RANDOM_CONVOLUTIONS} convolutions of random sizes`, async () => {
    for (let seed = 1; seed <= RANDOM_CONVOLUTIONS; seed++)
      await expectSameBits(randomConvolution(seed), seed);
  }, 60_000);
});

function randomConvolution(seed: number): Graph {
  const random = seededRandom(seed);
  const pair = (most: number): [number, number] => [random.integer(1, most), random.integer(1, most)];
  const [kernel, strides, dilations] = [pair(5), pair(3), pair(2)];
  const spans = kernel.map((size, axis) => (size - 1) * dilations[axis]! + 1);
  const pads = [0, 1, 2, 3].map((side) => random.integer(0, Math.max(0, spans[side % 2]! - 1))) as [
    number,
    number,
    number,
    number,
  ];
  const group = random.pick([1, 1, 2, 3]);
  const isDepthwise = random.next() < 0.4;
  const channels = isDepthwise ? random.integer(2, 21) : group * random.integer(1, 11);
  const plane = spans.map((span) => span + random.integer(0, 9));
  return layerGraph(
    {
      x: [random.integer(1, 2), channels, ...plane],
      outputs: isDepthwise ? channels * random.integer(1, 2) : group * random.integer(1, 13),
      kernel,
      strides,
      pads,
      dilations,
      group: isDepthwise ? channels : group,
    },
    random,
  );
}
