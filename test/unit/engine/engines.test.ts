import {memory} from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {nodeEngineAssets} from '../../../src/cli/node-engine-assets.ts';
import type {EngineName} from '../../../src/engine/engine.ts';
import {loadModel} from '../../../src/engine/engines.ts';
import {tfjsEngine} from '../../../src/engine/tfjs-model.ts';
import type {Node} from '../../../src/graph/graph.ts';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';
import {constant, graphOf, node} from '../../support/graph-builder.ts';

const assets = nodeEngineAssets();
const unit = {strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1]} as const;

function convolution(group = 1) {
  const shape = [1, 4, 3, 3];
  const weights = constant([4, 4 / group, 1, 1], new Float32Array(16 / group).fill(0.5));
  const tensors = {
    x: {shape},
    w: weights,
    c: {shape},
    k: constant([4, 1, 1], new Float32Array(4)),
    y: {shape},
  };
  return graphOf(tensors, [
    node('Conv', ['x', 'w'], 'c', {...unit, group}),
    node('Add', ['c', 'k'], 'y', {}),
  ]);
}

describe('loading a model', () => {
  it('refuses numerics that the engine does not offer, and says which it does', async () => {
    const load = loadModel(convolution(), 'tfjs', {numerics: 'int8-exact', assets});
    await expect(load).rejects.toThrow(RangeError);
    await expect(load).rejects.toThrow('got numerics int8-exact, expected float32');
  });

  it('refuses int8-exact for a network that is not quantised', async () => {
    const load = loadModel(convolution(), 'onnx', {numerics: 'int8-exact', assets});
    await expect(load).rejects.toThrow('it is not quantised');
  });

  it.each(['onnx', 'tfjs'] as const)('does nothing with %s once it is called off', async (name) => {
    const signal = AbortSignal.abort(new DOMException('stop', 'AbortError'));
    const load = loadModel(convolution(), name, {numerics: 'float32', assets, signal});
    await expect(load).rejects.toMatchObject({name: 'AbortError'});
  });

  it.each(['onnx', 'tfjs'] as const)('refuses an op that %s does not run, by name', async (name) => {
    const graph = graphOf({x: {shape: [1, 2]}, y: {shape: [1, 2]}}, [
      {op: 'GRU', inputs: ['x'], outputs: ['y'], attributes: {}} as unknown as Node,
    ]);
    const load = (await engineNamed(name)).load(graph, {numerics: 'float32', assets});
    await expect(load).rejects.toThrow(ModelFormatError);
    await expect(load).rejects.toThrow('GRU');
    expect((await engineNamed(name)).unsupportedOps(graph)).toEqual(['GRU']);
  });

  it('refuses grouped convolutions with tfjs, but no depthwise one', async () => {
    expect(tfjsEngine.unsupportedOps(convolution(2))).toEqual(['Conv with 2 groups']);
    expect(tfjsEngine.unsupportedOps(convolution(4))).toEqual([]);
    const load = tfjsEngine.load(convolution(2), {numerics: 'float32', assets});
    await expect(load).rejects.toThrow('Conv with 2 groups');
  });
});

describe('the memory of the tfjs engine', () => {
  it('is the same after every run, and as before after disposal', async () => {
    const first = await loadModel(convolution(), 'tfjs', {numerics: 'float32', assets});
    await first.run([new Float32Array(36)]);
    first.dispose();
    const before = memory().numTensors;
    const model = await loadModel(convolution(), 'tfjs', {numerics: 'float32', assets});
    const loaded = memory().numTensors;
    expect(loaded).toBeGreaterThan(before);
    for (let run = 0; run < 20; run++) await model.run([new Float32Array(36)]);
    expect(memory().numTensors).toBe(loaded);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

async function engineNamed(name: EngineName) {
  return name === 'tfjs' ? tfjsEngine : (await import('../../../src/engine/onnx-model.ts')).onnxEngine;
}
