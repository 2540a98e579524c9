import {loadModel} from '../../src/engine/engines.ts';
import type {EngineName, Numerics} from '../../src/engine/engine.ts';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import type {Graph} from '../../src/graph/graph.ts';
import {findKeywordSystem} from '../../src/systems/keyword-systems.ts';
import {engineAssets} from '../../workers/engine-assets.ts';
import {floatOpCases} from './float-op-cases.ts';

/** Which network to run: one of the op cases, a system with its weights, or a .tflite that no system need read. */
export type NetworkChoice =
  | {readonly kind: 'op-case'; readonly title: string}
  | {readonly kind: 'system'; readonly systemId: string; readonly file: Uint8Array}
  | {readonly kind: 'tflite'; readonly file: Uint8Array};

/** What the worker is asked to run. */
export interface EngineTask {
  readonly network: NetworkChoice;
  readonly engine: EngineName;
  /** Default float32. */
  readonly numerics?: Numerics;
  readonly threadCount?: number;
  /** Float32 or, for `int8-exact`, int8. */
  readonly inputs: readonly (Float32Array | Int8Array)[];
}

/** What it answers. */
export type EngineAnswer =
  | {
      readonly outputs: readonly Float32Array[];
      readonly engine: EngineName;
      readonly threadCount: number;
    }
  | {readonly error: string};

/** Runs a task in this worker. */
async function answer({
  network,
  engine,
  numerics = 'float32',
  threadCount,
  inputs,
}: EngineTask): Promise<EngineAnswer> {
  try {
    const graph = await graphOf(network);
    const model = await loadModel(graph, engine, {numerics, threadCount, assets: engineAssets});
    const outputs: Float32Array[] = [];
    for (const input of inputs) {
      const [output] = await model.run([input]);
      outputs.push(Float32Array.from(output!));
    }
    const {engine: ran, threadCount: threadsRun} = model;
    model.dispose();
    return {outputs, engine: ran, threadCount: threadsRun};
  } catch (error) {
    return {error: String(error)};
  }
}

async function graphOf(network: NetworkChoice): Promise<Graph> {
  if (network.kind === 'tflite') return readTflite(network.file);
  if (network.kind === 'system') return (await findKeywordSystem(network.systemId)).buildGraph(network.file);
  return floatOpCases.find(({title}) => title === network.title)!.graph;
}

self.onmessage = ({data}: MessageEvent<EngineTask>) => {
  void answer(data).then((reply) => {
    self.postMessage(reply);
  });
};
