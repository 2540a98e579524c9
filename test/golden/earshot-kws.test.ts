import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {nodeEngineAssets} from '../../src/cli/node-engine-assets.ts';
import {loadModel} from '../../src/engine/engines.ts';
import {system} from '../../src/systems/earshot-kws/system.ts';

const {card, frameCount, mfcc} = system;
const inputSize = frameCount * mfcc.coefficientCount;

function read(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../../${path}`, import.meta.url)));
}

function readFloats(name: string): Float32Array {
  return new Float32Array(read(`test/goldens/earshot-kws/${name}`).buffer);
}

describe.each(['tfjs', 'onnx'] as const)('earshot-kws on %s', (engine) => {
  test("gives PyTorch's logits within 1e-4 of their range", async () => {
    const graph = system.buildGraph(read(`public/models/${card.weights.builtInPath}`));
    const model = await loadModel(graph, engine, {numerics: 'float32', assets: nodeEngineAssets()});
    const [windows, expected] = [readFloats('windows.f32'), readFloats('logits.f32')];
    const got: number[] = [];
    for (let start = 0; start < windows.length; start += inputSize) {
      const [logits] = await model.run([windows.slice(start, start + inputSize)]);
      got.push(...(logits ?? []));
    }
    model.dispose();
    const range = Math.max(...expected) - Math.min(...expected);
    const errors = got.map((value, index) => Math.abs(value - (expected[index] ?? NaN)));
    expect(got).toHaveLength(expected.length);
    expect(Math.max(...errors) / range).toBeLessThan(1e-4);
  });
});
