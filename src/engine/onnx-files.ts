import type {Graph, Tensor} from '../graph/graph.ts';
import type {EngineOptions, Model} from './engine.ts';
import {GuardedModel} from './guarded-model.ts';
import {startOnnxRuntime} from './onnx-runtime.ts';
import {OnnxSession, type ExternalDataFile} from './onnx-session.ts';

/** A network as the files in which it was kept. */
export interface OnnxFiles {
  readonly name: string;
  /** What goes in and comes out, in order. */
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** The network's own file. */
  readonly model: Uint8Array;
  /** The files with its weights: a Blob is read when the network is opened, and nothing of it is kept here. */
  readonly externalData: readonly ExternalDataFile[];
}

/** Opens a network that was written as ONNX in onnxruntime-web's WebAssembly. Throws as `openOnnxFiles`. */
export async function openOnnxNetwork(files: OnnxFiles, options: EngineOptions): Promise<Model> {
  const {model, externalData} = files;
  return await openOnnxModel(graphAround(files), {model, externalData}, options);
}

/**
 * Opens a graph in onnxruntime-web's WebAssembly.
 * @param file the graph, written as ONNX.
 */
export async function openOnnxModel(
  graph: Graph,
  file: Pick<OnnxFiles, 'model' | 'externalData'>,
  options: EngineOptions,
): Promise<Model> {
  const runtime = await startOnnxRuntime('onnx', options);
  const {externalData} = file;
  const session = await OnnxSession.open(runtime, graph, file.model, {
    provider: 'wasm',
    externalData,
    signal: options.signal,
  });
  return new GuardedModel({
    engine: 'onnx',
    numerics: options.numerics,
    threadCount: runtime.env.wasm.numThreads ?? 1,
    graph,
    execute: (inputs) => session.run(inputs),
    release: () => session.release(),
  });
}

// what is between its inputs and outputs only the file knows
function graphAround({name, inputs, outputs}: OnnxFiles): Graph {
  const tensors = new Map([...inputs, ...outputs].map((tensor) => [tensor.name, tensor]));
  return {
    name,
    inputs: inputs.map((tensor) => tensor.name),
    outputs: outputs.map((tensor) => tensor.name),
    tensors,
    nodes: [],
  };
}
