import {describe, expect, it, vi} from 'vitest';
import type {TensorData} from '../../../src/graph/graph.ts';
import {GuardedModel} from '../../../src/engine/guarded-model.ts';
import {RecoveringNetwork, type Network} from '../../../src/engine/recovering-network.ts';
import {graphOf, node} from '../../support/graph-builder.ts';

const graph = graphOf({x: {shape: [1]}, y: {shape: [1]}}, [node('Relu', ['x'], 'y', {})]);
const LOST = 'the GPU device was lost (unknown): driver restart';

function networkOf(engine: Network['engine'], execute: Network['execute']) {
  return {engine, execute: vi.fn(execute), release: vi.fn()};
}

/** A model on a GPU that answers 1, with WebAssembly behind it that gives back its input. */
function modelOnGpu(execute: Network['execute'] = () => Promise.resolve([Float32Array.of(1)])) {
  let lose!: (reason: string) => void;
  const failure = new Promise<string>((resolve) => {
    lose = resolve;
  });
  const gpu = networkOf('tfjs-webgpu', execute);
  const wasm = networkOf('tfjs', (inputs) => Promise.resolve(inputs));
  const fallBack = vi.fn<() => Promise<Network>>(() => Promise.resolve(wasm));
  const onFallback = vi.fn();
  const model = new GuardedModel(new RecoveringNetwork({graph, gpu, failure, fallBack, onFallback}));
  return {model, gpu, wasm, fallBack, onFallback, lose};
}

const never = new Promise<readonly TensorData[]>(() => undefined);
const input = [Float32Array.of(7)];

describe('a network on a GPU', () => {
  it('runs there as long as that works', async () => {
    const {model, fallBack} = modelOnGpu();
    expect(await model.run(input)).toEqual([Float32Array.of(1)]);
    expect(model).toMatchObject({engine: 'tfjs-webgpu', fallbackReason: undefined});
    expect(fallBack).not.toHaveBeenCalled();
  });

  it('runs the same window again in WebAssembly where the GPU is lost and the run never settles', async () => {
    const {model, gpu, onFallback, lose} = modelOnGpu(() => never);
    const run = model.run(input);
    lose(LOST);
    expect(await run).toEqual(input);
    expect(gpu.execute).toHaveBeenCalledOnce();
    expect(gpu.release).toHaveBeenCalledOnce();
    expect(onFallback).toHaveBeenCalledExactlyOnceWith('tfjs', LOST);
    expect(model).toMatchObject({engine: 'tfjs', fallbackReason: LOST});
  });

  it('runs it again where the run fails before the loss is told', async () => {
    const {model} = modelOnGpu(() => Promise.reject(new Error('mapAsync')));
    expect(await model.run(input)).toEqual(input);
    expect(model.fallbackReason).toBe('the GPU failed: Error: mapAsync');
  });

  it('does not believe what was computed when the GPU was lost meanwhile', async () => {
    const {model, lose} = modelOnGpu(async () => {
      lose(LOST);
      await Promise.resolve();
      return [Float32Array.of(1)];
    });
    expect(await model.run(input)).toEqual(input);
  });

  it('does not ask a GPU that was lost between two runs', async () => {
    const {model, gpu, wasm, fallBack, lose} = modelOnGpu();
    lose(LOST);
    await Promise.resolve();
    expect(await model.run(input)).toEqual(input);
    expect(await model.run(input)).toEqual(input);
    expect(gpu.execute).not.toHaveBeenCalled();
    expect(fallBack).toHaveBeenCalledOnce();
    model.dispose();
    expect(wasm.release).toHaveBeenCalledOnce();
    expect(gpu.release).toHaveBeenCalledOnce();
  });

  it('says why where WebAssembly fails too, and tries again with the next window', async () => {
    const {model, fallBack, lose} = modelOnGpu();
    fallBack.mockRejectedValueOnce(new Error('out of memory'));
    lose(LOST);
    await Promise.resolve();
    await expect(model.run(input)).rejects.toThrow('out of memory');
    expect(await model.run(input)).toEqual(input);
  });
});
