import {PerformanceObserver} from 'node:perf_hooks';
import {setTimeout as wait} from 'node:timers/promises';

/** What the collector did during the measured hops. */
export interface AllocationReport {
  readonly hops: number;
  readonly collections: number;
  /** Most that array buffers grew, looked at a hundred times on the way. */
  readonly arrayBufferPeakBytes: number;
}

const CHECKPOINT_COUNT = 100;
/** Until all of it is compiled: a first round still leaves garbage of the interpreter. */
const WARM_UP_ROUNDS = 4;
const WARM_UP_HOPS = 5000;

/** On a busy machine a function is compiled late, and until then leaves garbage: so a loop may be measured again. */
const MAX_ATTEMPTS = 3;

/**
 * Runs a hop many times and counts what it leaves behind: of a few attempts the first without collections, or the last.
 * A loop that allocates does so in every attempt. Needs --expose-gc, and a process of its own.
 */
export async function countAllocations(hop: () => void, hopCount: number): Promise<AllocationReport> {
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    for (let index = 0; index < WARM_UP_HOPS; index++) hop();
    await wait(50); // the compiler works in the background, and on a busy machine late
  }
  let report = await measureHops(hop, hopCount);
  for (let attempt = 1; attempt < MAX_ATTEMPTS && report.collections > 0; attempt++) {
    report = await measureHops(hop, hopCount);
  }
  return report;
}

async function measureHops(hop: () => void, hopCount: number): Promise<AllocationReport> {
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  globalThis.gc?.();
  observer.observe({entryTypes: ['gc']});
  await wait(20);
  collections = 0;
  const arrayBuffersBefore = process.memoryUsage().arrayBuffers;
  let arrayBufferPeakBytes = 0;
  for (let part = 0; part < CHECKPOINT_COUNT; part++) {
    for (let index = 0; index < hopCount / CHECKPOINT_COUNT; index++) hop();
    const growthBytes = process.memoryUsage().arrayBuffers - arrayBuffersBefore;
    arrayBufferPeakBytes = Math.max(arrayBufferPeakBytes, growthBytes);
  }
  await wait(20); // entries are delivered between tasks
  observer.disconnect();
  return {hops: hopCount, collections, arrayBufferPeakBytes};
}
