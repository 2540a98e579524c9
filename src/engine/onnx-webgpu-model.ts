import {opsWithoutOnnx, writeOnnx} from '../formats/onnx/write-onnx.ts';
import type {Graph} from '../graph/graph.ts';
import {openParts, requireNoOpenParts} from '../graph/open-parts.ts';
import type {Engine, EngineOptions, Model} from './engine.ts';
import {requestGpuDevice} from './gpu-device.ts';
import {GuardedModel} from './guarded-model.ts';
import {startOnnxRuntime} from './onnx-runtime.ts';
import {OnnxSession} from './onnx-session.ts';
import {RecoveringNetwork} from './recovering-network.ts';
import {startRuntime} from './start-runtime.ts';

const ENGINE = 'onnx-webgpu';

/**
 * Runs graphs in float32 with onnxruntime-web on the GPU, by writing them as ONNX. Its build holds the WebAssembly
 * operators too, so that a lost GPU costs no download.
 */
export const onnxWebgpuEngine: Engine = {
  name: ENGINE,
  numerics: ['float32'],
  unsupportedOps: (graph) => [...opsWithoutOnnx(graph), ...openParts(graph)],
  async load(graph: Graph, options: EngineOptions): Promise<Model> {
    const {signal, onFallback} = options;
    requireNoOpenParts(graph);
    const file = writeOnnx(graph);
    // before the download of 27 MB: a browser without a GPU needs no runtime
    const {device, failure} = await startRuntime(requestGpuDevice(ENGINE), {
      engine: ENGINE,
      what: 'a GPU',
      signal,
    });
    try {
      const runtime = await startOnnxRuntime(ENGINE, options);
      const provider = {name: 'webgpu', device} as const;
      const session = await OnnxSession.open(runtime, graph, file, {provider, signal});
      const release = (): void => {
        session.release();
        device.destroy();
      };
      const network = new RecoveringNetwork({
        graph,
        gpu: {engine: ENGINE, execute: (inputs) => session.run(inputs), release},
        failure,
        fallBack: async () => {
          const plain = await OnnxSession.open(runtime, graph, file, {provider: 'wasm'});
          return {engine: 'onnx', execute: (inputs) => plain.run(inputs), release: () => plain.release()};
        },
        onFallback,
      });
      return new GuardedModel(network);
    } catch (error) {
      device.destroy();
      throw error;
    }
  },
};
