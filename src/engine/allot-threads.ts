import type {EngineName} from './engine.ts';

/** Threads that a network gets. */
export interface ThreadAllotment {
  readonly threadCount: number;
  /** Why these are fewer than asked for; undefined where they are not. */
  readonly shortfall?: string;
}

/**
 * How many of the threads asked for an engine gets here: never more than the device has cores, since threads that wait
 * for each other spin; one where memory cannot be shared (a page that is not cross-origin isolated), or where the engine
 * takes no more.
 * @param askedCount whole, 1 or more.
 */
export function allotThreads(engine: EngineName, askedCount: number): ThreadAllotment {
  if (askedCount <= 1) return {threadCount: 1};
  if (engine !== 'onnx') return {threadCount: 1, shortfall: `${engine} takes one`};
  if (typeof SharedArrayBuffer === 'undefined') {
    return {threadCount: 1, shortfall: 'the page is not cross-origin isolated'};
  }
  const {navigator} = globalThis as {readonly navigator?: {readonly hardwareConcurrency?: number}};
  const coreCount = navigator?.hardwareConcurrency ?? askedCount; // Node 20 does not tell
  if (askedCount <= coreCount) return {threadCount: askedCount};
  return {threadCount: coreCount, shortfall: `the device has ${coreCount} cores`};
}
