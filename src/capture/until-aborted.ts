/**
 * Waits for a promise that cannot be cancelled, but no longer than a signal allows.
 * @param onLate gets the value where it arrives after the abort, to release it.
 * @throws the signal's reason as soon as it aborts; whatever the promise rejects with.
 */
export function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
  onLate?: (value: Value) => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise
      .then((value) => {
        if (signal.aborted) onLate?.(value);
        else resolve(value);
      }, reject)
      .finally(() => {
        signal.removeEventListener('abort', abort);
      });
  });
}
