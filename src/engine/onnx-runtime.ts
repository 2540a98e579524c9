import type * as OnnxRuntime from 'onnxruntime-web/wasm';
import {encodeOnnx} from '../formats/onnx/encode-onnx.ts';
import type {OnnxGraph} from '../formats/onnx/onnx-graph.ts';
import {allotThreads} from './allot-threads.ts';
import type {EngineAssets, EngineOptions, OnnxAssets} from './engine.ts';
import {EngineUnavailableError} from './engine-unavailable-error.ts';
import {readAsset} from './read-asset.ts';
import {startRuntime} from './start-runtime.ts';

/** onnxruntime-web with its WebAssembly running. */
export type Runtime = typeof OnnxRuntime;

/** The engines that onnxruntime-web is. */
export type OnnxEngineName = 'onnx' | 'onnx-webgpu';

interface Build {
  readonly load: () => Promise<Runtime>;
  readonly assetsOf: (assets: EngineAssets) => OnnxAssets;
}

// each with a runtime of its own: one that knows WebGPU weighs twice as much
const builds: Readonly<Record<OnnxEngineName, Build>> = {
  onnx: {load: () => import('onnxruntime-web/wasm'), assetsOf: ({onnx}) => onnx},
  'onnx-webgpu': {load: () => import('onnxruntime-web/webgpu'), assetsOf: ({onnxWebgpu}) => onnxWebgpu},
};

// whose WebAssembly runs in this thread; it starts once, with the thread count of the first load
const started = new Set<OnnxEngineName>();
// whose is about to
const starting = new Map<OnnxEngineName, Promise<void>>();

/** What starting a build takes of the options of an engine. */
export type RuntimeOptions = Pick<EngineOptions, 'assets' | 'threadCount' | 'signal'>;

/**
 * Loads a build of onnxruntime-web and starts its WebAssembly, both on first need; once, whoever else asks meanwhile.
 * @throws EngineUnavailableError where either fails or does not answer; a later call tries again.
 */
export async function startOnnxRuntime(engine: OnnxEngineName, options: RuntimeOptions): Promise<Runtime> {
  const {signal} = options;
  const runtime = await startRuntime(builds[engine].load(), {engine, signal, what: 'onnxruntime-web'});
  while (!started.has(engine)) {
    signal?.throwIfAborted();
    const others = starting.get(engine);
    if (others)
      await others.catch(() => undefined); // where it failed for them, it is tried again here
    else await startAlone(runtime, engine, options);
  }
  return runtime;
}

async function startAlone(runtime: Runtime, engine: OnnxEngineName, options: RuntimeOptions): Promise<void> {
  const start = startWasm(runtime, engine, options);
  starting.set(engine, start);
  try {
    await start;
  } finally {
    starting.delete(engine);
  }
}

async function startWasm(runtime: Runtime, engine: OnnxEngineName, options: RuntimeOptions): Promise<void> {
  await configure(runtime, engine, options);
  await startRuntime(openProbe(runtime), {engine, signal: options.signal, what: 'its WebAssembly'});
  delete runtime.env.wasm.wasmBinary; // 14 MB or more that nobody needs any longer
  started.add(engine);
}

// Whatever can fail for want of a network is fetched here: once onnxruntime-web itself has failed to start, it
// refuses every later attempt ("previous call to 'initializeWebAssembly()' failed").
async function configure(
  {env}: Runtime,
  engine: OnnxEngineName,
  {assets, threadCount = 1, signal}: RuntimeOptions,
): Promise<void> {
  const {wasm, module} = builds[engine].assetsOf(assets);
  const binary = await readAsset(wasm, {engine, read: assets.read, signal});
  await importable(module, engine, signal);
  env.wasm.wasmBinary = binary;
  env.wasm.wasmPaths = {mjs: module};
  // asked for threads that it cannot have, the runtime would warn on the console
  env.wasm.numThreads = allotThreads(engine, threadCount).threadCount;
}

async function importable(
  url: string,
  engine: OnnxEngineName,
  signal: AbortSignal | undefined,
): Promise<void> {
  const step = {engine, what: url, signal};
  const glue = (await startRuntime(import(/* webpackIgnore: true */ /* @vite-ignore */ url), step)) as {
    default?: unknown;
  };
  if (typeof glue.default !== 'function') {
    throw new EngineUnavailableError(engine, `no default export in ${url}`, 'the glue of onnxruntime-web');
  }
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
