import {fromBase64} from '../../page/base64.ts';

/** Far more than any cache holds. */
const SWEPT_BYTES = 256 * 2 ** 20;
const PAGE_BYTES = 2 ** 16;
const MEASURED_MS = 1000;

// takes the module of bench/large/memory-sweep.ts, answers with bytes per second
self.onmessage = async ({data}: MessageEvent<string>) => {
  const memory = new WebAssembly.Memory({initial: SWEPT_BYTES / PAGE_BYTES});
  new Uint8Array(memory.buffer).fill(1); // pages that were never written are all one page of zeros
  const {instance} = await WebAssembly.instantiate(fromBase64(data), {env: {memory}});
  const sweep = instance.exports['sweep'] as (byteCount: number) => number;
  sweep(SWEPT_BYTES); // what compiles while it runs has compiled
  const startMs = performance.now();
  let sweptBytes = 0;
  while (performance.now() - startMs < MEASURED_MS) {
    sweep(SWEPT_BYTES);
    sweptBytes += SWEPT_BYTES;
  }
  self.postMessage((1000 * sweptBytes) / (performance.now() - startMs));
};
