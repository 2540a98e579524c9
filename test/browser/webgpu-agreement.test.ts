import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, it, type TestContext} from 'vitest';
import type {EngineName} from '../../src/engine/engine.ts';
import {dequantiseInto} from '../../src/features/quantise.ts';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {elementCount} from '../../src/graph/shape.ts';
import {tensorOf} from '../../src/graph/tensor-of.ts';
import {findKeywordSystem} from '../../src/systems/keyword-systems.ts';
import {openEnginePage, type EnginePage} from '../support/engine-page.ts';
import type {NetworkChoice} from '../support/engine-worker.ts';
import {floatOpCases} from '../support/float-op-cases.ts';
import {seededRandom} from '../support/prng.ts';
import {inputOf, mfccLikeInputs, networkBytes, publishedNetworks} from '../support/published-networks.ts';
import {evaluateReference} from '../support/reference-evaluator.ts';
import {repositoryPath} from '../support/repository.ts';
import {hasShared} from '../support/shared.ts';
import {whyNoWebgpu} from '../support/webgpu.ts';

const SEED = 20_241_121;
const INPUT_COUNT = 4; // a GPU that the processor imitates takes up to a second for each
/** Of the range of the reference's outputs: sums are added in another order, and exponentials differ a little. */
const TOLERANCE = 1e-3;

const pairs = [
  ['tfjs-webgpu', 'tfjs'],
  ['onnx-webgpu', 'onnx'],
] as const;

let page: EnginePage;
let noWebgpu: string | undefined;

beforeAll(async () => {
  page = await openEnginePage();
  noWebgpu = await whyNoWebgpu(page.chromium);
});
afterAll(() => page.close());

/** Largest difference between two engines' outputs ÷ the range of the second's. */
async function difference(
  network: NetworkChoice,
  [gpu, wasm]: readonly [EngineName, EngineName],
  inputs: readonly Float32Array[],
): Promise<number> {
  const [a, b] = [await outputsOf(network, gpu, inputs), await outputsOf(network, wasm, inputs)];
  expect(a).toHaveLength(b.length);
  // a runtime that gave the same answer to everything would prove nothing
  expect(new Set(b.map(String)).size).toBe(inputs.length);
  const all = b.flatMap((values) => [...values]);
  const range = Math.max(...all) - Math.min(...all);
  const worst = Math.max(
    ...b.flatMap((values, row) => [...values].map((value, index) => Math.abs(value - a[row]![index]!))),
  );
  return worst / range;
}

async function outputsOf(
  network: NetworkChoice,
  engine: EngineName,
  inputs: readonly Float32Array[],
): Promise<readonly Float32Array[]> {
  const answer = await page.run({network, engine, inputs});
  if ('error' in answer) throw new Error(`${engine}: ${answer.error}`);
  expect(answer.engine, 'the engine that ran, after the last input').toBe(engine);
  return answer.outputs;
}

function skipWithoutWebgpu({skip}: TestContext): void {
  if (noWebgpu !== undefined) skip(noWebgpu);
}

describe.each(pairs)('%s, against %s', (...engines) => {
  it.skipIf(!hasShared).for(publishedNetworks)('gives the same for %s in float32', async (name, context) => {
    skipWithoutWebgpu(context);
    const tflite = networkBytes(name);
    const input = inputOf(readTflite(tflite));
    const inputs = mfccLikeInputs(input, INPUT_COUNT, SEED).map((steps) => {
      const values = new Float32Array(steps.length);
      dequantiseInto(steps, input.quantisation!.scale[0]!, input.quantisation!.zeroPoint[0]!, values);
      return values;
    });
    expect(await difference({kind: 'tflite', file: tflite}, engines, inputs), `seed ${SEED}`).toBeLessThan(
      TOLERANCE,
    );
  });

  it('gives the same for the built-in network', async (context) => {
    skipWithoutWebgpu(context);
    const system = await findKeywordSystem('earshot-kws');
    const {card} = system;
    const weights = new Uint8Array(readFileSync(repositoryPath(`public/models/${card.weights.builtInPath}`)));
    const graph = system.buildGraph(weights);
    const random = seededRandom(SEED);
    const length = elementCount(tensorOf(graph, graph.inputs[0]).shape);
    const inputs = Array.from({length: INPUT_COUNT}, () => random.samples(length, 10));
    const worst = await difference({kind: 'system', systemId: 'earshot-kws', file: weights}, engines, inputs);
    expect(worst, `seed ${SEED}`).toBeLessThan(TOLERANCE);
  });

  it('computes every operator that it declares as the definition says', async (context) => {
    skipWithoutWebgpu(context);
    for (const {title, graph} of floatOpCases) {
      const random = seededRandom(11);
      const input = random.samples(elementCount(tensorOf(graph, 'x').shape), 2);
      const [output] = await outputsOf({kind: 'op-case', title}, engines[0], [input]);
      const expected = evaluateReference(graph, input);
      const range = Math.max(...expected) - Math.min(...expected);
      const worst = Math.max(...expected.map((value, index) => Math.abs(value - output![index]!)));
      expect(worst, `${title}, seed ${random.seed}`).toBeLessThan(TOLERANCE * Math.max(range, 1));
    }
  }, 300_000);
});
