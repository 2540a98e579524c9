import type {EngineName, Numerics} from '../../src/engine/engine.ts';

/** Engines and numerics that networks are timed in. A new engine joins by a line here. */
export const ENGINES: readonly {readonly engine: EngineName; readonly numerics: Numerics}[] = [
  {engine: 'integer', numerics: 'int8-exact'},
  {engine: 'onnx', numerics: 'int8-exact'},
  {engine: 'onnx', numerics: 'float32'},
  {engine: 'tfjs', numerics: 'float32'},
];

/** Those that compute on a GPU, where there is one. */
export const GPU_ENGINES: typeof ENGINES = [
  {engine: 'onnx-webgpu', numerics: 'float32'},
  {engine: 'tfjs-webgpu', numerics: 'float32'},
];
