import * as onnxruntime from 'onnxruntime-web';
import type {Runtime} from '../src/engine/onnx-runtime.ts';

/**
 * onnxruntime-web in Node with any number of threads. Our own start gives it URLs of its files, which with more than one
 * thread it fetches, and Node's fetch reads no file: URL; where it has none, it finds them itself.
 */
export function runtimeInNode(threadCount: number): Runtime {
  onnxruntime.env.wasm.numThreads = threadCount;
  return onnxruntime;
}
