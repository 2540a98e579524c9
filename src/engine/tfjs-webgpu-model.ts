import type {Graph} from '../graph/graph.ts';
import type {Engine, EngineName, EngineOptions, Model} from './engine.ts';
import {requestGpuDevice, type GpuDevice} from './gpu-device.ts';
import {GuardedModel} from './guarded-model.ts';
import {RecoveringNetwork, type Network} from './recovering-network.ts';
import {startRuntime} from './start-runtime.ts';
import {opsWithoutTfjs, requireTfjsOps} from './tfjs-support.ts';
import type {RunnableTfjsNetwork} from './tfjs-wasm-network.ts';

const ENGINE = 'tfjs-webgpu';

// TensorFlow.js has one WebGPU backend in a thread, so all networks share its device while that works
let shared: Promise<GpuDevice> | undefined;

/**
 * Runs convolutional networks in float32 with TensorFlow.js on the GPU. Its WebAssembly, 0.14 MB, is started with it:
 * a lost GPU must cost no download, since a page that listens causes no request.
 */
export const tfjsWebgpuEngine: Engine = {
  name: ENGINE,
  numerics: ['float32'],
  unsupportedOps: opsWithoutTfjs,
  async load(graph: Graph, options: EngineOptions): Promise<Model> {
    requireTfjsOps(graph);
    const {assets, signal, onFallback} = options;
    const step = {engine: ENGINE, signal} as const;
    // before the download: a browser without a GPU needs no runtime
    const gpu = await startRuntime(sharedDevice(), {...step, what: 'a GPU'});
    const loading = Promise.all([
      import('./tfjs-runtime.ts'),
      import('./tfjs-webgpu-runtime.ts'),
      import('./tfjs-network.ts'),
      import('./tfjs-wasm-network.ts'),
    ]);
    const [{startTfjsWasm}, {startTfjsWebgpu}, {TfjsNetwork}, {createTfjsWasmNetwork}] = await startRuntime(
      loading,
      {...step, what: 'TensorFlow.js'},
    );
    await startRuntime(startTfjsWasm(assets), {...step, what: 'its WebAssembly'});
    startTfjsWebgpu(gpu);
    return new GuardedModel(
      new RecoveringNetwork({
        graph,
        gpu: asNetwork(ENGINE, new TfjsNetwork(graph, 'webgpu')),
        failure: gpu.failure,
        fallBack: () => Promise.resolve(asNetwork('tfjs', createTfjsWasmNetwork(graph))),
        onFallback,
      }),
    );
  },
};

function asNetwork(engine: EngineName, network: RunnableTfjsNetwork): Network {
  return {
    engine,
    execute: (inputs) => network.run(inputs),
    release: () => network.dispose(),
  };
}

/** The device in use; a new one where there is none, or that one has failed. */
function sharedDevice(): Promise<GpuDevice> {
  if (shared) return shared;
  const request = requestGpuDevice(ENGINE);
  const forget = (): void => {
    if (shared === request) shared = undefined;
  };
  request.then(({failure}) => failure.then(forget), forget);
  shared = request;
  return request;
}
