import onnxWebgpuModule from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import onnxWebgpuWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import onnxModule from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import onnxWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import tfjsWasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import tfjsWasmPlain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import integerWasm from '../src/engine/integer/integer-kernels.wasm?url';
import type {EngineAssets} from '../src/engine/engine.ts';

/** The engines' WebAssembly files as the bundler placed them, beside the worker. */
export const engineAssets: EngineAssets = {
  integer: {wasm: new URL(integerWasm, import.meta.url).href},
  onnx: {
    wasm: new URL(onnxWasm, import.meta.url).href,
    module: new URL(onnxModule, import.meta.url).href,
  },
  onnxWebgpu: {
    wasm: new URL(onnxWebgpuWasm, import.meta.url).href,
    module: new URL(onnxWebgpuModule, import.meta.url).href,
  },
  tfjsWasm: {
    plain: new URL(tfjsWasmPlain, import.meta.url).href,
    simd: new URL(tfjsWasmSimd, import.meta.url).href,
  },
};
