import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {EngineUnavailableError} from '../../../src/engine/engine-unavailable-error.ts';
import {readAsset, STALL_TIMEOUT_MS} from '../../../src/engine/read-asset.ts';
import {START_TIMEOUT_MS, startRuntime} from '../../../src/engine/start-runtime.ts';

const never = new Promise<never>(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('starting a runtime', () => {
  it('gives up on a promise that never settles, at the stated time and not before', async () => {
    const settled = vi.fn();
    const start = startRuntime(never, {engine: 'tfjs', what: 'its WebAssembly'});
    const outcome = start.catch((error: unknown) => {
      settled();
      return error;
    });
    await vi.advanceTimersByTimeAsync(START_TIMEOUT_MS - 1);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBeInstanceOf(EngineUnavailableError);
    expect(await outcome).toMatchObject({code: 'engine-unavailable', engine: 'tfjs'});
    expect(String(await outcome)).toContain('got no answer, expected its WebAssembly to start within 20 s');
  });

  it('says why it failed, and keeps the cause', async () => {
    const cause = new Error('CompileError');
    const start = startRuntime(Promise.reject(cause), {engine: 'onnx', what: 'its WebAssembly'});
    await expect(start).rejects.toMatchObject({code: 'engine-unavailable', engine: 'onnx', cause});
  });

  it('stops waiting when it is called off, with the reason given', async () => {
    const controller = new AbortController();
    const reason = new DOMException('the page changed its mind', 'AbortError');
    const start = startRuntime(never, {engine: 'onnx', what: 'a session', signal: controller.signal});
    controller.abort(reason);
    await expect(start).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer behind', async () => {
    await startRuntime(Promise.resolve(1), {engine: 'onnx', what: 'a session'});
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('reading a file of a runtime', () => {
  /** A response that brings a byte whenever `push` is called. */
  function slowFetch() {
    let push!: () => void;
    let close!: () => void;
    vi.stubGlobal('fetch', (_url: string, {signal}: RequestInit) => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          push = () => controller.enqueue(Uint8Array.of(7));
          close = () => controller.close();
          signal?.addEventListener('abort', () => controller.error(signal.reason));
        },
      });
      return Promise.resolve(new Response(body));
    });
    return {push: () => push(), close: () => close()};
  }

  it('waits as long as bytes keep coming', async () => {
    const line = slowFetch();
    const read = readAsset('https://host/ort.wasm', {engine: 'onnx'});
    for (let count = 0; count < 3; count++) {
      await vi.advanceTimersByTimeAsync(STALL_TIMEOUT_MS - 1);
      line.push();
    }
    await vi.advanceTimersByTimeAsync(1);
    line.close();
    expect(new Uint8Array(await read)).toEqual(Uint8Array.of(7, 7, 7));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up when nothing comes for the stated time', async () => {
    const line = slowFetch();
    const read = readAsset('https://host/ort.wasm', {engine: 'onnx'});
    const refused = expect(read).rejects.toThrow('no byte for 20 s');
    await vi.advanceTimersByTimeAsync(1);
    line.push();
    await vi.advanceTimersByTimeAsync(STALL_TIMEOUT_MS + 1);
    await refused;
    await expect(read).rejects.toBeInstanceOf(EngineUnavailableError);
  });

  it('says which file the server does not have', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('', {status: 404})));
    const read = readAsset('https://host/ort.wasm', {engine: 'onnx'});
    await expect(read).rejects.toThrow('HTTP 404, expected the bytes of https://host/ort.wasm');
    await expect(read).rejects.toBeInstanceOf(EngineUnavailableError);
  });

  it('ends with the reason given when it is called off', async () => {
    slowFetch();
    const controller = new AbortController();
    const read = readAsset('https://host/ort.wasm', {engine: 'onnx', signal: controller.signal});
    const reason = new DOMException('stop', 'AbortError');
    const refused = expect(read).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(1);
    controller.abort(reason);
    await refused;
  });
});
