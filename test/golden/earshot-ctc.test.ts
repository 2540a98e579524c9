import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {nodeEngineAssets} from '../../src/cli/node-engine-assets.ts';
import {logSoftmaxInto} from '../../src/decode/log-softmax.ts';
import type {EngineName, Model} from '../../src/engine/engine.ts';
import {loadModel} from '../../src/engine/engines.ts';
import {RecurrentNetwork} from '../../src/pipeline/recurrent-network.ts';
import type {TokenSet} from '../../src/systems/card.ts';
import {earshotCtcWith, system} from '../../src/systems/earshot-ctc/system.ts';
import type {ChunkedSystem} from '../../src/systems/transcription-system.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {readBuiltInWeights} from '../support/built-in-network.ts';
import {loadClip} from '../support/goldens.ts';
import {runAcousticNetwork} from '../support/run-acoustic-network.ts';

const {card} = system;
const phones = card.phones ?? card;
const clip = loadClip('es_fox');
const word = clip.subarray(0, 25 * 480);
const weights = readBuiltInWeights(card);

function readFloats(name: string): Float32Array {
  const bytes = readFileSync(new URL(`../goldens/earshot-ctc/${name}`, import.meta.url));
  return new Float32Array(new Uint8Array(bytes).buffer);
}

async function load(of: ChunkedSystem, engine: EngineName, tokens: TokenSet): Promise<Model> {
  const graph = of.buildGraph(weights, tokens);
  return await loadModel(graph, engine, {numerics: 'float32', assets: nodeEngineAssets()});
}

/** Log-probabilities of the samples. */
async function run(
  {of, engine, tokens}: {of: ChunkedSystem; engine: EngineName; tokens: TokenSet},
  samples: Float32Array,
): Promise<Float32Array> {
  const model = await load(of, engine, tokens);
  const {before} = await runAcousticNetwork(new RecurrentNetwork(of, model, 'utterance', tokens), samples);
  model.dispose();
  return Float32Array.from(before);
}

test("the front end gives PyTorch's log-mel energies within 1e-4", () => {
  const expected = readFloats('features.f32');
  const frontEnd = system.createFrontEnd('utterance');
  const rows = new Float32Array(expected.length + frontEnd.featureCount);
  frontEnd.push(clip);
  expect(frontEnd.readRows(rows) * frontEnd.featureCount).toBe(expected.length);
  expect(maxAbsDifference(rows.subarray(0, expected.length), expected)).toBeLessThan(1e-4);
});

describe.each(['tfjs', 'onnx'] as const)('earshot-ctc on %s', (engine) => {
  test.each([
    ['phones', phones],
    ['letters', card],
  ] as const)("gives PyTorch's %s chunk by chunk within 1e-4 of their range", async (name, tokens) => {
    const logits = readFloats(`${name}.f32`);
    const range = Math.max(...logits) - Math.min(...logits);
    const expected = logits.slice();
    logSoftmaxInto(logits, tokens.labels.length, expected);
    const logProbs = await run({of: system, engine, tokens}, clip);
    expect(logProbs).toHaveLength(expected.length);
    expect(maxAbsDifference(logProbs, expected) / range).toBeLessThan(1e-4);
  });

  test('gives in chunks of any length what one run over the whole utterance gives', async () => {
    const {delayOutputs = 0} = system.recurrentPlan;
    const wholeOutputs = word.length / 480 + delayOutputs;
    const expected = await run({of: earshotCtcWith(wholeOutputs), engine, tokens: phones}, word);
    for (const stepOutputs of [1, 4, 9]) {
      const logProbs = await run({of: earshotCtcWith(stepOutputs), engine, tokens: phones}, word);
      expect(logProbs).toHaveLength(expected.length);
      // sums in single precision, whose order the engines choose by how many there are
      expect(maxAbsDifference(logProbs, expected)).toBeLessThan(1e-4);
    }
  });

  test('gives exactly the same, however the samples were cut', async () => {
    const model = await load(system, engine, phones);
    const network = new RecurrentNetwork(system, model, 'streaming', phones);
    const whole = await runAcousticNetwork(network, word);
    for (const pieceLength of [160, 592, 7777]) {
      expect(await runAcousticNetwork(network, word, pieceLength)).toEqual(whole);
    }
    model.dispose();
  });
});
