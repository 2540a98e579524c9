import {
  enableProdMode,
  env,
  findBackendFactory,
  getBackend,
  registerBackend,
  removeBackend,
  setBackend,
} from '@tensorflow/tfjs-core';
import {setWasmPaths} from '@tensorflow/tfjs-backend-wasm';
import type {EngineAssets} from './engine.ts';

/** A backend of TensorFlow.js that this engine runs on. */
export type TfjsBackend = 'wasm' | 'webgpu';

const BACKEND = 'wasm';

let hasPaths = false;
let isStarted = false;

/**
 * Starts TensorFlow.js's WebAssembly backend on first need; a call after a failed one tries again.
 * @throws whatever the backend throws where it does not start; may never settle, so wait with a time-out.
 */
export async function startTfjsWasm({tfjsWasm}: EngineAssets): Promise<void> {
  if (isStarted) return;
  enableProdMode(); // else it writes greetings and hints to the console
  // Probing for threads starts a worker from a blob, which a strict CSP forbids on isolated pages: the promise
  // would never settle. One thread serves keyword spotting best (docs/decisions/0005).
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!hasPaths) setPaths(tfjsWasm);
  await createBackend();
  isStarted = true;
}

/**
 * Makes a backend that is started the one that computes what is called next. TensorFlow.js has one at a time, so every
 * synchronous stretch of calls begins with this.
 */
export function useTfjsBackend(backend: TfjsBackend): void {
  if (getBackend() !== backend) void setBackend(backend); // its promise only matters to a backend that is not started
}

// once only: after a failed start `setWasmPaths` throws, while the paths that it has keep working
function setPaths({plain, simd}: EngineAssets['tfjsWasm']): void {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': simd, // asked for by name, never loaded
  });
  hasPaths = true;
}

// `setBackend` alone would turn any failure into a bare `false`, and its reason into a line on the console
async function createBackend(): Promise<void> {
  const backend = await findBackendFactory(BACKEND)();
  removeBackend(BACKEND);
  registerBackend(BACKEND, () => backend);
  await setBackend(BACKEND);
}
