import type {EngineName, Numerics} from '../../src/engine/engine.ts';

/** Engines and numerics that networks are timed in. A new engine joins by a line here. */
export const ENGINES: readonly {readonly engine: EngineName; readonly numerics: Numerics}[] = [
  {engine: 'onnx', numerics: 'int8-exact'},
  {engine: 'onnx', numerics: 'float32'},
  {engine: 'tfjs', numerics: 'float32'},
];
