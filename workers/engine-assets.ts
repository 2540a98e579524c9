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
  integer: {wasm: absolute(integerWasm)},
  onnx: {
    wasm: absolute(onnxWasm),
    module: absolute(onnxModule),
  },
  onnxWebgpu: {
    wasm: absolute(onnxWebgpuWasm),
    module: absolute(onnxWebgpuModule),
  },
  tfjsWasm: {
    plain: absolute(tfjsWasmPlain),
    simd: absolute(tfjsWasmSimd),
  },
};

/** Not by `import.meta.url`: webpack takes every URL relative to that for a file that it must find. */
function absolute(url: string): string {
  return new URL(url, self.location.href).href;
}
