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
    const onAbort = (): void => reject(signal?.reason as Error);
    const timer = setTimeout(() => reject(onTimeout()), timeoutMs);
    signal?.addEventListener('abort', onAbort, {once: true});
    if (signal?.aborted) onAbort();
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    });
  });
}
