import type * as OnnxRuntime from 'onnxruntime-web/wasm';
import {encodeOnnx} from '../formats/onnx/encode-onnx.ts';
import type {OnnxGraph} from '../formats/onnx/onnx-graph.ts';
import type {EngineOptions} from './engine.ts';
import {EngineUnavailableError} from './engine-unavailable-error.ts';
import {readAsset} from './read-asset.ts';
import {startRuntime} from './start-runtime.ts';

/** onnxruntime-web with its WebAssembly running. */
export type Runtime = typeof OnnxRuntime;

// whether WebAssembly runs in this thread; it starts once, with the thread count of the first load
let isStarted = false;

/**
 * Loads onnxruntime-web and starts its WebAssembly, both on first need.
 * @throws EngineUnavailableError where either fails or does not answer; a later call tries again.
 */
export async function startOnnxRuntime(options: EngineOptions): Promise<Runtime> {
  const {signal} = options;
  const step = {engine: 'onnx', signal} as const;
  const runtime = await startRuntime(import('onnxruntime-web/wasm'), {...step, what: 'onnxruntime-web'});
  if (!isStarted) {
    await configure(runtime, options);
    await startRuntime(openProbe(runtime), {...step, what: 'its WebAssembly'});
    delete runtime.env.wasm.wasmBinary; // 14 MB that nobody needs any more
    isStarted = true;
  }
  return runtime;
}

// Whatever can fail for want of a network is fetched here: once onnxruntime-web itself has failed to start, it
// refuses every later attempt ("previous call to 'initializeWebAssembly()' failed").
async function configure({env}: Runtime, {assets, threadCount = 1, signal}: EngineOptions): Promise<void> {
  const wasm = await readAsset(assets.onnxWasm, {engine: 'onnx', read: assets.read, signal});
  await importable(assets.onnxModule, signal);
  env.wasm.wasmBinary = wasm;
  env.wasm.wasmPaths = {mjs: assets.onnxModule};
  // asked for threads that it cannot have, the runtime would warn on the console
  env.wasm.numThreads = canShareMemory() ? threadCount : 1;
}

async function importable(url: string, signal: AbortSignal | undefined): Promise<void> {
  const glue = (await startRuntime(import(/* @vite-ignore */ url), {
    engine: 'onnx',
    what: url,
    signal,
  })) as {default?: unknown};
  if (typeof glue.default !== 'function') {
    throw new EngineUnavailableError('onnx', `no default export in ${url}`, 'the glue of onnxruntime-web');
  }
}

function canShareMemory(): boolean {
  return typeof SharedArrayBuffer !== 'undefined';
}

// the smallest network there is: tells a runtime that does not start from a network that it does not take
async function openProbe(runtime: Runtime): Promise<void> {
  const value = {type: 'float32', shape: [1]} as const;
  const probe: OnnxGraph = {
    name: 'probe',
    inputs: [{name: 'x', ...value}],
    outputs: [{name: 'y', ...value}],
    constants: [],
    nodes: [{op: 'Identity', domain: '', inputs: ['x'], outputs: ['y'], attributes: {}}],
  };
  const session = await runtime.InferenceSession.create(encodeOnnx(probe), {executionProviders: ['wasm']});
  await session.release();
}
