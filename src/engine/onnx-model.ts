import {opsWithoutOnnx, writeOnnx} from '../formats/onnx/write-onnx.ts';
import type {Graph} from '../graph/graph.ts';
import {loadConstants} from '../graph/load-constants.ts';
import type {Engine, EngineOptions, Model} from './engine.ts';
import {GuardedModel} from './guarded-model.ts';
import {startOnnxRuntime} from './onnx-runtime.ts';
import {OnnxSession} from './onnx-session.ts';

/** Runs graphs with onnxruntime-web's WebAssembly, by writing them as ONNX. */
export const onnxEngine: Engine = {
  name: 'onnx',
  numerics: ['int8-exact', 'float32'],
  unsupportedOps: opsWithoutOnnx,
  async load(graph: Graph, options: EngineOptions): Promise<Model> {
    const file = writeOnnx(await loadConstants(graph), {rounding: options.rounding}); // before the download: a network that cannot be written needs no runtime
    const runtime = await startOnnxRuntime('onnx', options);
    const session = await OnnxSession.open(runtime, graph, file, {provider: 'wasm', signal: options.signal});
    return new GuardedModel({
      engine: 'onnx',
      numerics: options.numerics,
      threadCount: runtime.env.wasm.numThreads ?? 1,
      graph,
      execute: (inputs) => session.run(inputs),
      release: () => session.release(),
    });
  },
};
