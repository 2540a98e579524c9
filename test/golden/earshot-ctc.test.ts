import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {nodeEngineAssets} from '../../src/cli/node-engine-assets.ts';
import {loadModel} from '../../src/engine/engines.ts';
import {system} from '../../src/systems/earshot-ctc/system.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {readBuiltInWeights} from '../support/built-in-network.ts';
import {loadClip} from '../support/goldens.ts';

const {card, windowPlan} = system;

function readFloats(name: string): Float32Array {
  const bytes = readFileSync(new URL(`../goldens/earshot-ctc/${name}`, import.meta.url));
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** Rows of one window: those of the clip then those of zeros. */
function computeWindow(clip: Float32Array): Float32Array {
  const frontEnd = system.createFrontEnd('utterance');
  const rows = new Float32Array(windowPlan.windowFrames * frontEnd.featureCount);
  frontEnd.push(clip);
  frontEnd.push(new Float32Array(windowPlan.windowFrames * frontEnd.hopLength));
  expect(frontEnd.readRows(rows)).toBe(windowPlan.windowFrames);
  return rows;
}

const window = computeWindow(loadClip('es_fox'));

test("the front end gives PyTorch's log-mel energies within 1e-4", () => {
  const expected = readFloats('features.f32');
  expect(maxAbsDifference(window.subarray(0, expected.length), expected)).toBeLessThan(1e-4);
});

describe.each(['tfjs', 'onnx'] as const)('earshot-ctc on %s', (engine) => {
  test("gives PyTorch's logits of the front end's rows within 1e-4 of their range", async () => {
    const graph = system.buildGraph(readBuiltInWeights(card), card);
    const model = await loadModel(graph, engine, {numerics: 'float32', assets: nodeEngineAssets()});
    const [logits = new Float32Array()] = await model.run([window]);
    model.dispose();
    const expected = readFloats('logits.f32');
    const range = Math.max(...expected) - Math.min(...expected);
    expect(logits).toHaveLength(expected.length);
    expect(maxAbsDifference(logits, expected) / range).toBeLessThan(1e-4);
  });
});

test('an output between the contexts is the same wherever the window lies, and nearer to the edges it is not', async () => {
  const {leftContextFrames, rightContextFrames, subsamplingFactor} = windowPlan;
  const shiftFrames = 30;
  const clip = loadClip('es_fox');
  const later = computeWindow(clip.subarray(shiftFrames * 160));
  const model = await loadModel(system.buildGraph(readBuiltInWeights(card), card), 'tfjs', {
    numerics: 'float32',
    assets: nodeEngineAssets(),
  });
  const [early = new Float32Array()] = await model.run([window]);
  const [late = new Float32Array()] = await model.run([later]);
  model.dispose();
  /** How far the two windows are apart over this range of feature frames of the later one. */
  const apart = (fromFrame: number, toFrame: number): number => {
    const [from, to] = [fromFrame, toFrame].map((frame) => (frame / subsamplingFactor) * card.labels.length);
    const shift = (shiftFrames / subsamplingFactor) * card.labels.length;
    return maxAbsDifference(late.subarray(from, to), early.subarray((from ?? 0) + shift, (to ?? 0) + shift));
  };
  const end = windowPlan.windowFrames - shiftFrames;
  expect(apart(leftContextFrames, end - rightContextFrames)).toBeLessThan(1e-4);
  expect(apart(0, leftContextFrames)).toBeGreaterThan(1e-4);
  expect(apart(end - rightContextFrames, end)).toBeGreaterThan(1e-4);
});
