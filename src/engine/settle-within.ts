/** When to stop waiting, and what to say then. */
export interface Patience {
  readonly timeoutMs: number;
  readonly onTimeout: () => Error;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Settles as `work` does, or rejects when the time is up or the signal aborts, whichever comes first: a promise
 * that never settles must not hang the page. The work itself goes on; what it gives afterwards is dropped.
 */
export function settleWithin<Value>(work: Promise<Value>, patience: Patience): Promise<Value> {
  const {timeoutMs, onTimeout, signal} = patience;
  return new Promise<Value>((resolve, reject) => {
    const onAbort = (): void => settle(() => reject(signal?.reason as Error));
    const timer = setTimeout(() => settle(() => reject(onTimeout())), timeoutMs);
    const settle = (report: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      report();
    };
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) onAbort();
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(asError(error))),
    );
  });
}

/** Emscripten rejects with bare objects too. */
function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  const {message} = Object(thrown) as {message?: unknown};
  return new Error(typeof message === 'string' ? message : JSON.stringify(thrown), {cause: thrown});
}
