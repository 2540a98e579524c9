import type {EngineAssets, EngineName} from './engine.ts';
import {EngineUnavailableError} from './engine-unavailable-error.ts';

/**
 * How long a download may bring nothing at all. Not a limit on the whole: 3.7 MB take minutes on a slow line and
 * arrive. A line that is silent for this long does not come back by waiting.
 */
export const STALL_TIMEOUT_MS = 20_000;

/** What is read for whom. */
export interface ReadOptions {
  readonly engine: EngineName;
  readonly read?: EngineAssets['read'] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads one file of a runtime.
 * @throws EngineUnavailableError where it cannot be had, or nothing arrives for STALL_TIMEOUT_MS.
 * @throws the signal's reason where it aborts.
 */
export async function readAsset(url: string, options: ReadOptions): Promise<ArrayBuffer> {
  const {engine, read = fetchBytes, signal = new AbortController().signal} = options;
  try {
    return await read(url, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new EngineUnavailableError(engine, String(error), `the bytes of ${url}`, {cause: error});
  }
}

async function fetchBytes(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const stall = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restartTimer = (): void => {
    clearTimeout(timer);
    const giveUp = (): void => stall.abort(new Error(`no byte for ${STALL_TIMEOUT_MS / 1000} s`));
    timer = setTimeout(giveUp, STALL_TIMEOUT_MS);
  };
  restartTimer();
  try {
    const response = await fetch(url, {signal: AbortSignal.any([signal, stall.signal])});
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    return await new Response(response.body.pipeThrough(onEachChunk(restartTimer))).arrayBuffer();
  } finally {
    clearTimeout(timer);
  }
}

function onEachChunk(notice: () => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      notice();
      controller.enqueue(chunk);
    },
  });
}
