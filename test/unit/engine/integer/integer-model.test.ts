import {mkdtemp, copyFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {describe, expect, it} from 'vitest';
import {kernelsFile} from '../../../../scripts/compile-kernels.mjs';
import {nodeEngineAssets} from '../../../../src/cli/node-engine-assets.ts';
import {EngineUnavailableError} from '../../../../src/engine/engine-unavailable-error.ts';
import {defaultEngine, defaultNumerics, loadModel, supportOf} from '../../../../src/engine/engines.ts';
import {integerEngine} from '../../../../src/engine/integer/integer-model.ts';
import type {Graph, Tensor} from '../../../../src/graph/graph.ts';
import {ModelFormatError} from '../../../../src/graph/model-format-error.ts';
import {dequantiseGraph} from '../../../../src/graph/dequantise-graph.ts';
import {graphOf, node, perTensor} from '../../../support/graph-builder.ts';
import {seededRandom} from '../../../support/prng.ts';
import {layerGraph, randomInput} from '../../../support/quantised-op-cases.ts';

const assets = nodeEngineAssets();
const options = {numerics: 'int8-exact', assets} as const;
const graph = layerGraph({x: [1, 3, 4, 4], outputs: 5, kernel: [3, 3]});

describe('loading into the integer engine', () => {
  // first of all: afterwards the kernels are compiled
  it('says each time that the kernels cannot be had, and runs once they can', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'earshot-kernels-'));
    const path = join(folder, 'kernels.wasm');
    const absent = {...options, assets: {...assets, integer: {wasm: pathToFileURL(path).href}}};
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(loadModel(graph, 'integer', absent)).rejects.toThrow(EngineUnavailableError);
    }
    await copyFile(kernelsFile, path);
    (await loadModel(graph, 'integer', absent)).dispose();
    await rm(folder, {recursive: true});
  });

  it('refuses float32, and a network that is not quantised', async () => {
    await expect(loadModel(graph, 'integer', {numerics: 'float32', assets})).rejects.toThrow(
      'got numerics float32, expected int8-exact',
    );
    await expect(loadModel(dequantiseGraph(graph), 'integer', options)).rejects.toThrow(
      'it is not quantised',
    );
    expect(await supportOf(dequantiseGraph(graph), 'integer')).toEqual([]);
  });

  it("refuses gemmlowp's rounding by name; onnxruntime-web has it", async () => {
    const load = loadModel(graph, 'integer', {...options, rounding: 'gemmlowp'});
    await expect(load).rejects.toThrow('engine integer: got rounding gemmlowp, expected xnnpack');
    (await loadModel(graph, 'onnx', {...options, rounding: 'gemmlowp'})).dispose();
  });

  it('does nothing once it is called off', async () => {
    const signal = AbortSignal.abort(new DOMException('stop', 'AbortError'));
    await expect(loadModel(graph, 'integer', {...options, signal})).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('says that a network needs more memory than there can be', async () => {
    const q = {type: 'int8', quantisation: perTensor(1, 0)} as const;
    const names = Array.from({length: 70}, (_, index) => `y${index}`);
    const [length, pads] = [2 ** 26, {before: [0], after: [2 ** 26 - 1], value: 0}];
    const outputs = names.map((name) => [name, {...q, shape: [length]}] as const);
    const huge = graphOf(
      {x: {...q, shape: [1]}, ...Object.fromEntries(outputs)},
      names.map((name) => node('Pad', ['x'], name, pads)),
      {outputs: names},
    );
    const load = loadModel(huge, 'integer', options);
    await expect(load).rejects.toThrow(EngineUnavailableError);
    await expect(load).rejects.toThrow(/expected \d{10} bytes of memory/);
  });

  it('names what it does not run', async () => {
    const weights = graph.tensors.get('w')!;
    const shifted = {
      ...weights,
      quantisation: {...weights.quantisation!, zeroPoint: new Int32Array(5).fill(3)},
    };
    await expectRefusal(withTensor(graph, shifted), 'Conv with zero points of its weights');
    const {name, type, shape, quantisation} = weights;
    const computed: Tensor = {name, type, shape, quantisation: quantisation!};
    await expectRefusal(withTensor(graph, computed), 'Conv with computed weights');
    const floatAdd = graphOf(
      {
        x: {shape: [1, 2]},
        q: {shape: [1, 2], type: 'int8', quantisation: perTensor(0.1, 0)},
        y: {shape: [1, 2]},
      },
      [node('QuantizeLinear', ['x'], 'q', {}), node('Add', ['x', 'x'], 'y', {})],
    );
    await expectRefusal(floatAdd, 'Add in float32');
  });
});

async function expectRefusal(refused: Graph, what: string): Promise<void> {
  expect(integerEngine.unsupportedOps(refused)).toEqual([what]);
  const load = integerEngine.load(refused, options);
  await expect(load).rejects.toThrow(ModelFormatError);
  await expect(load).rejects.toThrow(what);
}

function withTensor(original: Graph, tensor: Tensor): Graph {
  return {...original, tensors: new Map([...original.tensors, [tensor.name, tensor]])};
}

describe('a network in the integer engine', () => {
  it('gives the same for the same input, in arrays of their own', async () => {
    const model = await loadModel(graph, 'integer', options);
    const random = seededRandom(3);
    const [a, b] = [randomInput(graph, random), randomInput(graph, random)];
    const [first] = await model.run([a]);
    const kept = first!.slice();
    await model.run([b]);
    expect(first).toEqual(kept);
    expect((await model.run([a]))[0]).toEqual(kept);
    model.dispose();
  });

  it('is disposed of once, however often, and does not run afterwards', async () => {
    const model = await loadModel(graph, 'integer', options);
    model.dispose();
    model.dispose();
    await expect(model.run([new Int8Array(48)])).rejects.toThrow('disposed');
  });

  it('takes real values in and gives real values out', async () => {
    const q = {type: 'int8', quantisation: perTensor(0.5, 3)} as const;
    const real = graphOf({x: {shape: [1, 4]}, q: {shape: [1, 4], ...q}, y: {shape: [1, 4]}}, [
      node('QuantizeLinear', ['x'], 'q', {}),
      node('DequantizeLinear', ['q'], 'y', {}),
    ]);
    const model = await loadModel(real, 'integer', options);
    // halves go to the even neighbour, the ends saturate
    const [output] = await model.run([Float32Array.of(0.25, 0.75, -1000, 62.2)]);
    expect(output).toEqual(Float32Array.of(0, 1, -65.5, 62));
    model.dispose();
  });
});

describe('the engine where none is asked for', () => {
  it('is the one on the card, unless that has no float32 and must', () => {
    expect(defaultEngine('integer', undefined)).toBe('integer');
    expect(defaultEngine('integer', 'int8-exact')).toBe('integer');
    expect(defaultEngine('integer', 'float32')).toBe('onnx');
    expect(defaultEngine('tfjs', 'float32')).toBe('tfjs');
    expect(defaultNumerics('integer', 'float32')).toBe('int8-exact');
  });
});
