import type {Graph} from '../graph/graph.ts';
import type {Engine, EngineOptions, Model} from './engine.ts';
import {GuardedModel} from './guarded-model.ts';
import {startRuntime} from './start-runtime.ts';
import {opsWithoutTfjs, requireTfjsOps} from './tfjs-support.ts';

/** Runs convolutional networks in float32 with TensorFlow.js's WebAssembly: the smallest download. */
export const tfjsEngine: Engine = {
  name: 'tfjs',
  numerics: ['float32'],
  unsupportedOps: opsWithoutTfjs,
  async load(graph: Graph, options: EngineOptions): Promise<Model> {
    requireTfjsOps(graph);
    const step = {engine: 'tfjs', signal: options.signal} as const;
    const loading = Promise.all([import('./tfjs-runtime.ts'), import('./tfjs-wasm-network.ts')]);
    const [{startTfjsWasm}, {createTfjsWasmNetwork}] = await startRuntime(loading, {
      ...step,
      what: 'TensorFlow.js',
    });
    await startRuntime(startTfjsWasm(options.assets), {...step, what: 'its WebAssembly'});
    const network = createTfjsWasmNetwork(graph);
    return new GuardedModel({
      engine: 'tfjs',
      numerics: 'float32',
      graph,
      execute: (inputs) => network.run(inputs),
      release: () => network.dispose(),
    });
  },
};
