import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import type {EngineAssets} from '../engine/engine.ts';

/** Where Node finds the engines' WebAssembly: in the installed packages, with no network. */
export function nodeEngineAssets(): EngineAssets {
  const {resolve} = createRequire(import.meta.url);
  const tfjs = dirname(resolve('@tensorflow/tfjs-backend-wasm'));
  return {
    onnx: {
      wasm: fileUrl(resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')),
      module: fileUrl(resolve('onnxruntime-web/ort-wasm-simd-threaded.mjs')),
    },
    onnxWebgpu: {
      wasm: fileUrl(resolve('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm')),
      module: fileUrl(resolve('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs')),
    },
    tfjsWasm: {
      plain: fileUrl(join(tfjs, 'tfjs-backend-wasm.wasm')),
      simd: fileUrl(join(tfjs, 'tfjs-backend-wasm-simd.wasm')),
    },
    read: readFileUrl,
  };
}

function fileUrl(path: string): string {
  return pathToFileURL(path).href;
}

async function readFileUrl(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const bytes = await readFile(fileURLToPath(url), {signal});
  return new Uint8Array(bytes).buffer; // a copy of its own: a Buffer may lie inside a larger one
}
