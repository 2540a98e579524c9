import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import type {EngineAssets} from '../engine/engine.ts';

/** Where our own WebAssembly lies, seen from src/cli in the repository and from dist/cli in the package. */
const OWN_FOLDERS = ['../engine/integer/', '../package/'].map((path) => new URL(path, import.meta.url));

/** Where Node finds the engines' WebAssembly: here and in the installed packages, with no network. */
export function nodeEngineAssets(): EngineAssets {
  const {resolve} = createRequire(import.meta.url);
  const tfjs = dirname(resolve('@tensorflow/tfjs-backend-wasm'));
  return {
    integer: {wasm: findOwnFile('integer-kernels.wasm')},
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

/** URL of the file where it is; where it should be in the package if it is nowhere: reading it says so. */
function findOwnFile(name: string): string {
  const candidates = OWN_FOLDERS.map((folder) => new URL(name, folder));
  return (candidates.find((url) => existsSync(url)) ?? candidates[0])?.href ?? name;
}

function fileUrl(path: string): string {
  return pathToFileURL(path).href;
}

async function readFileUrl(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const bytes = await readFile(fileURLToPath(url), {signal});
  return new Uint8Array(bytes).buffer; // a copy of its own: a Buffer may lie inside a larger one
}
