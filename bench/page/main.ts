import type {Candidate, Timing, TimingOptions} from './candidates.ts';
import {openTimingWorker, type TimingWorker} from './open-timing-worker.ts';

/** A batch is so long that the browser's clock, which steps by 0.1 ms, adds less than half a percent. */
const BATCH_MS = 20;
/** Batches before the first round: what compiles while it runs has compiled by then. */
const WARM_UP_BATCHES = 10;

declare global {
  var timeCandidates: (
    candidates: readonly Candidate[],
    options: TimingOptions,
  ) => Promise<readonly Timing[]>;
}

interface Entrant {
  readonly worker: TimingWorker;
  readonly callCount: number; // a batch
  readonly msPerCall: number[];
}

/**
 * Times candidates side by side: each in a worker of its own, warmed up, then a batch of each in every round, by turns,
 * so that what else the machine does falls on all alike. One computes at a time.
 * @returns one timing for each candidate, in their order.
 */
globalThis.timeCandidates = async (candidates, {rounds}) => {
  const entrants: (Entrant | {readonly error: string})[] = [];
  for (const candidate of candidates) {
    entrants.push(await enter(candidate).catch((error: unknown) => ({error: (error as Error).message})));
  }
  const running = entrants.filter((entrant) => 'worker' in entrant);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < running.length; turn++) {
      const entrant = running[(round + turn) % running.length]; // nobody always follows the same one
      if (entrant) await timeBatch(entrant);
    }
  }
  for (const {worker} of running) worker.end();
  return entrants.map((entrant) => ('worker' in entrant ? {msPerCall: entrant.msPerCall} : entrant));
};

async function enter(candidate: Candidate): Promise<Entrant> {
  const worker = await openTimingWorker(candidate);
  let callCount = 1;
  let ms = await worker.time(callCount);
  while (ms < BATCH_MS) {
    callCount = Math.ceil(callCount * Math.min(4, (1.2 * BATCH_MS) / Math.max(ms, 0.1)));
    ms = await worker.time(callCount);
  }
  for (let batch = 0; batch < WARM_UP_BATCHES; batch++) ms = await worker.time(callCount);
  // code that has grown faster while it warmed up gets a longer batch
  callCount = Math.max(1, Math.ceil((callCount * BATCH_MS) / Math.max(ms, 0.1)));
  return {worker, callCount, msPerCall: []};
}

async function timeBatch({worker, callCount, msPerCall}: Entrant): Promise<void> {
  msPerCall.push((await worker.time(callCount)) / callCount);
}
