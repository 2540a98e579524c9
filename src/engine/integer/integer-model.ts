import type {Graph} from '../../graph/graph.ts';
import type {Engine, EngineOptions, Model} from '../engine.ts';
import {GuardedModel} from '../guarded-model.ts';
import {readAsset} from '../read-asset.ts';
import {startRuntime} from '../start-runtime.ts';
import {IntegerNetwork} from './integer-network.ts';
import {opsWithoutInteger, requireIntegerOps} from './integer-support.ts';

const ENGINE = 'integer';

// compiled once in a thread; every network has an instance, and memory, of its own
let compiled: Promise<WebAssembly.Module> | undefined;

/** Runs quantised graphs as published, with kernels of our own: XNNPACK's rounding, a few kilobytes. */
export const integerEngine: Engine = {
  name: ENGINE,
  numerics: ['int8-exact'],
  unsupportedOps: opsWithoutInteger,
  async load(graph: Graph, options: EngineOptions): Promise<Model> {
    const {rounding = 'xnnpack', numerics} = options;
    if (rounding !== 'xnnpack') {
      throw new RangeError(`engine ${ENGINE}: got rounding ${rounding}, expected xnnpack`);
    }
    requireIntegerOps(graph);
    const module = await compileKernels(options);
    let network: IntegerNetwork | undefined = IntegerNetwork.create(graph, module);
    return new GuardedModel({
      engine: ENGINE,
      numerics,
      graph,
      execute: async (inputs) => (network as IntegerNetwork).run(inputs),
      release: () => {
        network = undefined; // its memory goes with it
      },
    });
  },
};

/** Reads and compiles the kernels on first need; a call after a failed one tries again. */
async function compileKernels({assets, signal}: EngineOptions): Promise<WebAssembly.Module> {
  if (compiled) return await compiled;
  const bytes = await readAsset(assets.integer.wasm, {engine: ENGINE, read: assets.read, signal});
  const compiling = WebAssembly.compile(bytes);
  const module = await startRuntime(compiling, {engine: ENGINE, what: 'its WebAssembly', signal});
  compiled = compiling;
  return module;
}
