import {dequantiseGraph} from '../graph/dequantise-graph.ts';
import type {Graph, Node} from '../graph/graph.ts';
import type {Engine, EngineName, EngineOptions, Model, Numerics} from './engine.ts';
import type {OnnxFiles} from './onnx-files.ts';
import type {RuntimeOptions} from './onnx-runtime.ts';
import {startRuntime} from './start-runtime.ts';

// imported when asked for: a page that spots keywords with one runtime never downloads the other
const engineLoaders: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  integer: async () => (await import('./integer/integer-model.ts')).integerEngine,
  onnx: async () => (await import('./onnx-model.ts')).onnxEngine,
  'onnx-webgpu': async () => (await import('./onnx-webgpu-model.ts')).onnxWebgpuEngine,
  tfjs: async () => (await import('./tfjs-model.ts')).tfjsEngine,
  'tfjs-webgpu': async () => (await import('./tfjs-webgpu-model.ts')).tfjsWebgpuEngine,
};

/** Every engine there is. */
export const engineNames = Object.keys(engineLoaders) as readonly EngineName[];

/** Numerics that an engine offers for a graph, and the ops of the graph that it cannot run in them. */
export interface NumericsSupport {
  readonly numerics: Numerics;
  readonly unsupportedOps: readonly string[];
}

/**
 * What an engine says of a graph: integers are for quantised graphs only. Loads the engine's code, not its runtime.
 * @throws as loadModel.
 */
export async function supportOf(
  graph: Graph,
  engineName: EngineName,
  signal?: AbortSignal,
): Promise<readonly NumericsSupport[]> {
  const engine = await loadEngine(engineName, signal);
  const offered = engine.numerics.filter((numerics) => numerics === 'float32' || isQuantised(graph));
  return offered.map((numerics) => ({
    numerics,
    unsupportedOps: engine.unsupportedOps(numerics === 'float32' ? dequantiseGraph(graph) : graph),
  }));
}

/**
 * Makes a graph runnable by the engine of that name, in the numerics asked for: a quantised graph runs in
 * integers as it is, or as its float32 twin. Worker or Node.
 * @throws RangeError where the engine, or the graph, does not offer the numerics.
 * @throws EngineUnavailableError where the runtime does not load; a later call tries again.
 * @throws ModelFormatError where the graph holds what the engine does not run.
 * @throws the signal's reason where it aborts.
 */
export async function loadModel(
  graph: Graph,
  engineName: EngineName,
  options: EngineOptions,
): Promise<Model> {
  const {numerics, signal} = options;
  const engine = await loadEngine(engineName, signal);
  if (!engine.numerics.includes(numerics)) {
    throw new RangeError(
      `engine ${engineName}: got numerics ${numerics}, expected ${engine.numerics.join(' or ')}`,
    );
  }
  if (numerics === 'float32') return await engine.load(dequantiseGraph(graph), options);
  if (!isQuantised(graph)) {
    throw new RangeError(`got numerics ${numerics} for ${graph.name}, expected float32: it is not quantised`);
  }
  return await engine.load(graph, options);
}

/**
 * Makes a network runnable that was written as ONNX before, in the numerics that it was written in; it runs in
 * onnxruntime-web's WebAssembly. Worker or Node.
 * @throws EngineUnavailableError where the runtime does not load; a later call tries again.
 * @throws ModelFormatError where the runtime does not take the files.
 * @throws the signal's reason where it aborts.
 */
export async function openOnnxFiles(files: OnnxFiles, options: EngineOptions): Promise<Model> {
  const {signal} = options;
  signal?.throwIfAborted();
  const code = import('./onnx-files.ts');
  const {openOnnxNetwork} = await startRuntime(code, {engine: 'onnx', what: 'its code', signal});
  return await openOnnxNetwork(files, options);
}

/**
 * Begins to load and start what `openOnnxFiles` needs, so that it is ready by the time the files are. Tells nothing: what
 * fails is tried again, and told, when they are opened. Worker or Node.
 */
export function prepareForOnnxFiles(options: RuntimeOptions): void {
  import('./onnx-runtime.ts')
    .then(({startOnnxRuntime}) => startOnnxRuntime('onnx', options))
    .catch(() => undefined);
}

/** The engine to take where none is asked for: the one preferred, or `onnx` where that one has no float32 and must. */
export function defaultEngine(preferred: EngineName, numerics: Numerics | undefined): EngineName {
  return preferred === 'integer' && numerics === 'float32' ? 'onnx' : preferred;
}

/** The numerics to take where none are asked for: those preferred, or the only ones that the engine has. */
export function defaultNumerics(engineName: EngineName, preferred: Numerics): Numerics {
  if (engineName === 'integer') return 'int8-exact';
  return engineName === 'onnx' ? preferred : 'float32';
}

async function loadEngine(engineName: EngineName, signal: AbortSignal | undefined): Promise<Engine> {
  signal?.throwIfAborted();
  return await startRuntime(engineLoaders[engineName](), {engine: engineName, what: 'its code', signal});
}

// weights alone may be quantised too ("hybrid"); what counts is what the nodes compute, above all the layers
function isQuantised({nodes, tensors}: Graph): boolean {
  const computesIntegers = ({outputs: [output = '']}: Node): boolean =>
    tensors.get(output)?.quantisation !== undefined;
  const layers = nodes.filter(({op}) => op === 'Conv' || op === 'Gemm');
  return nodes.some(computesIntegers) && layers.every(computesIntegers);
}
