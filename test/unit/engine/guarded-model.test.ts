import {describe, expect, it} from 'vitest';
import {GuardedModel} from '../../../src/engine/guarded-model.ts';
import type {TensorData} from '../../../src/graph/graph.ts';
import {graphOf} from '../../support/graph-builder.ts';

const graph = graphOf({x: {shape: [1, 2]}, y: {shape: [1, 2]}}, []);
const input = Float32Array.of(1, 2);

// Promise.withResolvers needs Node 22
function withResolvers<Value>() {
  let resolve!: (value: Value) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return {promise, resolve, reject};
}

/** A model whose run is finished by hand, and what happened to it. */
function controlledModel() {
  const log: string[] = [];
  const finish = withResolvers<readonly TensorData[]>();
  const model = new GuardedModel({
    engine: 'tfjs',
    numerics: 'float32',
    graph,
    execute: () => {
      log.push('execute');
      return finish.promise;
    },
    release: () => log.push('release'),
  });
  return {model, log, finish};
}

describe('a guarded model', () => {
  it('refuses a second run while the first is under way, and runs again after it', async () => {
    const {model, log, finish} = controlledModel();
    const first = model.run([input]);
    await expect(model.run([input])).rejects.toThrow('got run() while running');
    finish.resolve([input]);
    await expect(first).resolves.toEqual([input]);
    await model.run([input]);
    expect(log).toEqual(['execute', 'execute']);
  });

  it('is idle again after a run that failed', async () => {
    const {model, log, finish} = controlledModel();
    finish.reject(new Error('out of memory'));
    await expect(model.run([input])).rejects.toThrow('out of memory');
    await expect(model.run([input])).rejects.toThrow('out of memory');
    expect(log).toEqual(['execute', 'execute']);
  });

  it('waits for the run that is under way before it gives anything back', async () => {
    const {model, log, finish} = controlledModel();
    const run = model.run([input]);
    model.dispose();
    model.dispose();
    expect(log).toEqual(['execute']);
    finish.resolve([input]);
    await run;
    expect(log).toEqual(['execute', 'release']);
  });

  it('gives back once, however often it is disposed, and runs no more', async () => {
    const {model, log} = controlledModel();
    model.dispose();
    model.dispose();
    expect(log).toEqual(['release']);
    await expect(model.run([input])).rejects.toThrow('got run() while disposed');
  });

  it.each([
    ['no input', [], RangeError, 'got 0 inputs, expected 1'],
    ['another type', [Int8Array.of(1, 2)], TypeError, 'got Int8Array, expected Float32Array'],
    ['too few values', [Float32Array.of(1)], RangeError, 'got 1 values, expected 2'],
  ])('refuses %s and stays idle', async (_what, inputs, type, message) => {
    const {model, finish} = controlledModel();
    const refused = model.run(inputs);
    await expect(refused).rejects.toThrow(type);
    await expect(refused).rejects.toThrow(message);
    finish.resolve([]);
    await expect(model.run([input])).resolves.toEqual([]);
  });
});
