import {copyFile, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {nodeEngineAssets} from '../../../src/cli/node-engine-assets.ts';
import type {EngineAssets, EngineName} from '../../../src/engine/engine.ts';
import {EngineUnavailableError} from '../../../src/engine/engine-unavailable-error.ts';
import {loadModel} from '../../../src/engine/engines.ts';
import {graphOf, node} from '../../support/graph-builder.ts';

// a file of its own: both runtimes are started once in a process, here with their files missing at first
const graph = graphOf({x: {shape: [1, 2]}, y: {shape: [1, 2]}}, [node('Relu', ['x'], 'y', {})]);
const installed = nodeEngineAssets();
let folder: string;
let assets: EngineAssets;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-assets-'));
  const inFolder = (name: string) => pathToFileURL(join(folder, name)).href;
  assets = {
    ...installed,
    onnx: {wasm: inFolder('onnx.wasm'), module: inFolder('onnx.mjs')},
    tfjsWasm: {plain: inFolder('plain.wasm'), simd: inFolder('simd.wasm')},
  };
});
afterAll(() => rm(folder, {recursive: true, force: true}));

const load = (engine: EngineName) => loadModel(graph, engine, {numerics: 'float32', assets});

describe('an engine whose files could not be had', () => {
  it.each(['onnx', 'tfjs'] as const)('%s says so each time, and runs once they can', async (name) => {
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(load(name)).rejects.toThrow(EngineUnavailableError);
    }
    const pairs = [
      [installed.onnx.wasm, assets.onnx.wasm],
      [installed.onnx.module, assets.onnx.module],
      [installed.tfjsWasm.plain, assets.tfjsWasm.plain],
      [installed.tfjsWasm.simd, assets.tfjsWasm.simd],
    ] as const;
    for (const [from, to] of pairs) await copyFile(fileURLToPath(from), fileURLToPath(to));
    const model = await load(name);
    expect(await model.run([Float32Array.of(-1, 2)])).toEqual([Float32Array.of(0, 2)]);
    model.dispose();
    for (const [, to] of pairs) await rm(fileURLToPath(to));
  });
});
