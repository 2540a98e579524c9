import type {EngineName} from './engine.ts';
import {EngineUnavailableError} from './engine-unavailable-error.ts';
import {settleWithin} from './settle-within.ts';

/**
 * How long a runtime may take to start once its bytes are here. Compiling 14 MB of WebAssembly took 0.5 s on the
 * slower of two measured machines; a phone forty times as slow is still let through, a promise that never settles
 * (TensorFlow.js with threads under a strict CSP) is not.
 */
export const START_TIMEOUT_MS = 20_000;

/** Which runtime is being started, and who may call it off. */
export interface StartOptions {
  readonly engine: EngineName;
  readonly what: string; // "the WebAssembly module", …: appears in the error
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for one step of starting a runtime.
 * @throws EngineUnavailableError, with the cause, where the step fails or takes too long.
 * @throws the signal's reason where it aborts.
 */
export async function startRuntime<Value>(step: Promise<Value>, options: StartOptions): Promise<Value> {
  const {engine, what, signal} = options;
  const expected = `${what} to start within ${START_TIMEOUT_MS / 1000} s`;
  try {
    return await settleWithin(step, {
      timeoutMs: START_TIMEOUT_MS,
      onTimeout: () => new EngineUnavailableError(engine, 'no answer', expected),
      signal,
    });
  } catch (error) {
    if (error instanceof EngineUnavailableError || signal?.aborted) throw error;
    throw new EngineUnavailableError(engine, String(error), expected, {cause: error});
  }
}
