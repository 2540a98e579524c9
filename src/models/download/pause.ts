/** Whoever waits for a file hears of it this often at least: a page takes a worker for lost after 30 s of silence. */
export const PULSE_MS = 5000;

/**
 * Waits, or until the browser is online again. Any thread.
 * @param onPulse called at the start and every {@link PULSE_MS} of the wait.
 * @throws the signal's reason where it aborts.
 */
export async function pause(delayMs: number, signal: AbortSignal, onPulse: () => void): Promise<void> {
  signal.throwIfAborted();
  onPulse();
  const pulse = setInterval(onPulse, PULSE_MS);
  const ended = new AbortController(); // takes all listeners off at once
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, delayMs);
      const onAbort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, {signal: ended.signal});
      onlineEvents()?.addEventListener('online', () => resolve(), {signal: ended.signal});
      ended.signal.addEventListener('abort', () => clearTimeout(timer));
    });
  } finally {
    clearInterval(pulse);
    ended.abort();
  }
}

/** Workers and pages tell when they are online again, Node does not. */
function onlineEvents(): EventTarget | undefined {
  return globalThis instanceof EventTarget ? globalThis : undefined;
}
