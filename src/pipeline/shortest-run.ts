/** How long something may be timed. */
export interface TimingOptions {
  /** No run begins later than this after the first one did, milliseconds. */
  readonly budgetMs: number;
  /** Milliseconds of a clock that only goes on. */
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** More runs than this find no shorter one worth the wait. */
const MOST_RUNS = 10;

/**
 * Milliseconds of the shortest of some runs, one after another: other programs only add, and the first run compiles.
 * Worker or Node.
 * @throws the signal's reason where it aborts; whatever `run` throws.
 */
export async function shortestRunMs(
  run: () => Promise<unknown>,
  {budgetMs, now, signal}: TimingOptions,
): Promise<number> {
  const beganMs = now();
  let shortestMs = Infinity;
  for (let runCount = 0; runCount < MOST_RUNS; runCount++) {
    signal?.throwIfAborted();
    const startMs = now();
    if (runCount > 0 && startMs - beganMs >= budgetMs) break;
    await run();
    shortestMs = Math.min(shortestMs, now() - startMs);
  }
  return shortestMs;
}
