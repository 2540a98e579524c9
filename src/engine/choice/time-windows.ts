import type {MeasurableNetwork} from './choose-engine.ts';

/** Windows timed at most: enough for 95 of 100 to mean something. */
const MOST_WINDOWS = 30;

/** Fewer than these tell too little. */
const LEAST_WINDOWS = 5;

/** Where this has passed, the least will do: a slow candidate must leave time for the next. */
const ENOUGH_MS = 150;

/** What one candidate gave. */
export interface Timing {
  /** Of the first round over the windows, which is the warm-up as well; not all of them where time was up. */
  readonly outputs: readonly Float32Array[];
  /** One for each window after that, milliseconds. */
  readonly timesMs: readonly number[];
  /** Whether that is enough to go by. */
  readonly isEnough: boolean;
}

/** How long, and by which clock. */
export interface TimingOptions {
  readonly windowCount: number;
  readonly now: () => number;
  readonly deadlineMs: number;
}

/**
 * Runs every window once, to warm up and for its output, then times windows one by one, until the deadline at the
 * latest. Worker or Node.
 */
export async function timeWindows(
  network: MeasurableNetwork,
  {windowCount, now, deadlineMs}: TimingOptions,
): Promise<Timing> {
  const outputs: Float32Array[] = [];
  while (outputs.length < windowCount && now() < deadlineMs) outputs.push(await network.run(outputs.length));
  const timesMs: number[] = [];
  const enoughMs = now() + ENOUGH_MS;
  const isLong = (): boolean => timesMs.length >= LEAST_WINDOWS && now() >= enoughMs;
  while (timesMs.length < MOST_WINDOWS && now() < deadlineMs && !isLong()) {
    const startMs = now();
    await network.run(timesMs.length % windowCount);
    timesMs.push(now() - startMs);
  }
  return {outputs, timesMs, isEnough: outputs.length === windowCount && timesMs.length >= LEAST_WINDOWS};
}
