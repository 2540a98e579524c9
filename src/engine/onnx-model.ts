import {opsWithoutOnnx, writeOnnx} from '../formats/onnx/write-onnx.ts';
import type {Graph} from '../graph/graph.ts';
import {loadConstants} from '../graph/load-constants.ts';
import type {Engine, EngineOptions, Model} from './engine.ts';
import {openOnnxModel} from './onnx-files.ts';

/** Runs graphs with onnxruntime-web's WebAssembly, by writing them as ONNX. */
export const onnxEngine: Engine = {
  name: 'onnx',
  numerics: ['int8-exact', 'float32'],
  unsupportedOps: opsWithoutOnnx,
  async load(graph: Graph, options: EngineOptions): Promise<Model> {
    const model = writeOnnx(await loadConstants(graph), {rounding: options.rounding}); // before the download: a network that cannot be written needs no runtime
    return await openOnnxModel(graph, {model, externalData: []}, options);
  },
};
