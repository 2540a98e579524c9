import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {fileURLToPath, pathToFileURL} from 'node:url';
import type {EngineAssets} from '../engine/engine.ts';

/** Where the engines' WebAssembly lies, seen from this file: from dist/cli in the package, from src/cli in the repository. */
const [PACKAGE_FOLDER, INTEGER_FOLDER] = ['../package/', '../engine/integer/'].map(
  (path) => new URL(path, import.meta.url),
) as [URL, URL];

/** Where Node finds the engines' WebAssembly, with no network: in the package, or where the repository has it. */
export function nodeEngineAssets(): EngineAssets {
  const find = existsSync(PACKAGE_FOLDER) ? findInPackage : findInRepository;
  return {
    integer: {wasm: find('integer-kernels.wasm')},
    onnx: {
      wasm: find('ort-wasm-simd-threaded.wasm'),
      module: find('ort-wasm-simd-threaded.mjs'),
    },
    onnxWebgpu: {
      wasm: find('ort-wasm-simd-threaded.asyncify.wasm'),
      module: find('ort-wasm-simd-threaded.asyncify.mjs'),
    },
    tfjsWasm: {
      plain: find('tfjs-backend-wasm.wasm'),
      simd: find('tfjs-backend-wasm-simd.wasm'),
    },
    read: readFileUrl,
  };
}

/** The build lays all of them into one folder, under their own names (vite.config.ts). */
function findInPackage(name: string): string {
  return new URL(name, PACKAGE_FOLDER).href;
}

function findInRepository(name: string): string {
  if (name.startsWith('integer-')) return new URL(name, INTEGER_FOLDER).href;
  const {resolve} = createRequire(import.meta.url);
  if (name.startsWith('ort-')) return pathToFileURL(resolve(`onnxruntime-web/${name}`)).href;
  return new URL(name, pathToFileURL(resolve('@tensorflow/tfjs-backend-wasm'))).href;
}

async function readFileUrl(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const bytes = await readFile(fileURLToPath(url), {signal});
  return new Uint8Array(bytes).buffer; // a copy of its own: a Buffer may lie inside a larger one
}
