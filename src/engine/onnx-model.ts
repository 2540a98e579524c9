import type {InferenceSession, Tensor as OnnxTensor} from 'onnxruntime-web/wasm';
import {opsWithoutOnnx, writeOnnx} from '../formats/onnx/write-onnx.ts';
import type {Graph, TensorData} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {tensorOf} from '../graph/tensor-of.ts';
import type {Engine, EngineOptions, Model} from './engine.ts';
import {GuardedModel} from './guarded-model.ts';
import {startOnnxRuntime, type Runtime} from './onnx-runtime.ts';
import {fromOnnxTensor, toOnnxTensor} from './onnx-tensors.ts';

/** Runs graphs with onnxruntime-web's WebAssembly, by writing them as ONNX. */
export const onnxEngine: Engine = {
  name: 'onnx',
  numerics: ['int8-exact', 'float32'],
  unsupportedOps: opsWithoutOnnx,
  async load(graph: Graph, options: EngineOptions): Promise<Model> {
    const file = writeOnnx(graph, {rounding: options.rounding}); // before the download: a network that cannot be written needs no runtime
    const runtime = await startOnnxRuntime(options);
    const session = await openSession(runtime, file);
    options.signal?.throwIfAborted();
    return new GuardedModel({
      engine: 'onnx',
      numerics: options.numerics,
      graph,
      execute: (inputs) => runSession(runtime, session, graph, inputs),
      release: () => void session.release(),
    });
  },
};

async function openSession(runtime: Runtime, file: Uint8Array): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(file, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 4, // fatal only: what fails is thrown
      // the integer operators are chosen for their rounding; the optimiser must not swap in others
      extra: {session: {disable_quant_qdq: '1'}},
    });
  } catch (error) {
    throw new ModelFormatError(String(error), 'a network that onnxruntime-web runs');
  }
}

async function runSession(
  runtime: Runtime,
  session: InferenceSession,
  graph: Graph,
  inputs: readonly TensorData[],
): Promise<readonly TensorData[]> {
  const feeds: Record<string, OnnxTensor> = {};
  graph.inputs.forEach((name, index) => {
    feeds[name] = toOnnxTensor(runtime, tensorOf(graph, name), inputs[index] as TensorData);
  });
  const results = await session.run(feeds);
  return graph.outputs.map((name) => fromOnnxTensor(tensorOf(graph, name), results[name] as OnnxTensor));
}
