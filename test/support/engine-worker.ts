import {loadModel} from '../../src/engine/engines.ts';
import type {EngineName} from '../../src/engine/engine.ts';
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

/** What the worker is asked to run, in float32. */
export interface EngineTask {
  readonly network: NetworkChoice;
  readonly engine: EngineName;
  readonly inputs: readonly Float32Array[];
}

/** What it answers. */
export type EngineAnswer =
  {readonly outputs: readonly Float32Array[]; readonly engine: EngineName} | {readonly error: string};

/** Runs a task in this worker. */
async function answer({network, engine, inputs}: EngineTask): Promise<EngineAnswer> {
  try {
    const graph = await graphOf(network);
    const model = await loadModel(graph, engine, {numerics: 'float32', assets: engineAssets});
    const outputs: Float32Array[] = [];
    for (const input of inputs) {
      const [output] = await model.run([input]);
      outputs.push(Float32Array.from(output!));
    }
    const {engine: ran} = model;
    model.dispose();
    return {outputs, engine: ran};
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
