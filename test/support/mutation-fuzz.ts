import {ModelFormatError} from '../../src/graph/model-format-error.ts';
import {mutate} from './mutate-bytes.ts';
import {seededRandom} from './prng.ts';

/** A mutation that the reader did not survive as it must. */
export interface Fault {
  readonly mutation: string;
  readonly problem: string;
}

/** What a run of mutations showed. */
export interface FuzzReport {
  readonly accepted: number;
  readonly refused: number;
  readonly faults: readonly Fault[];
  readonly slowestMs: number;
  /** Most memory over the allowance that any file took, as a share: below 1 is within it. */
  readonly worstMemoryShare: number;
}

/** A file to mutate. */
export interface FuzzFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Positions of its structure (not of its weights), multiples of 4, where most edits go. */
  readonly words: readonly number[];
}

/** What to run. */
export interface FuzzOptions {
  readonly files: readonly FuzzFile[];
  readonly seed: number;
  readonly count: number;
  /** Reads a file; gives what is wrong with what it read, or undefined. May throw a ModelFormatError, and no other. */
  readonly attempt: (bytes: Uint8Array) => string | undefined | Promise<string | undefined>;
}

/** Longest time one file may take. */
export const TIME_LIMIT_MS = 1000;

/** Most memory that reading a file of this length may allocate: 4 times the file and 16 MiB. */
export function memoryLimitBytes(fileBytes: number): number {
  return 4 * fileBytes + 16 * 2 ** 20;
}

/**
 * Reads mutated files one after another and reports every fault. Needs `--expose-gc`. Memory is what a read adds
 * to heap and array buffers before any collection, an upper bound of its peak; where a collection came between, the
 * same file is read again.
 */
export async function fuzzMutations({files, seed, count, attempt}: FuzzOptions): Promise<FuzzReport> {
  const random = seededRandom(seed);
  const report = {accepted: 0, refused: 0, faults: [] as Fault[], slowestMs: 0, worstMemoryShare: 0};
  // code that a first read loads and compiles is no part of what a file takes
  for (const {bytes} of files) await judge(attempt, bytes);
  for (let number = 0; number < count; number++) {
    const {name, bytes, words} = random.pick(files);
    const mutation = mutate(bytes, words, random);
    const outcome = await measure(() => judge(attempt, mutation.bytes));
    const share = outcome.allocatedBytes / memoryLimitBytes(mutation.bytes.length);
    const fault = (problem: string): void => {
      const what = `seed ${seed}, mutation ${number} of ${name}: ${mutation.kind}`;
      report.faults.push({mutation: what, problem});
    };
    if (outcome.result === 'accepted') report.accepted++;
    else if (outcome.result === 'refused') report.refused++;
    else fault(outcome.result);
    if (outcome.timeMs > TIME_LIMIT_MS) fault(`took ${outcome.timeMs} ms`);
    if (share > 1) fault(`allocated ${outcome.allocatedBytes} bytes for ${mutation.bytes.length}`);
    report.slowestMs = Math.max(report.slowestMs, outcome.timeMs);
    report.worstMemoryShare = Math.max(report.worstMemoryShare, share);
  }
  return report;
}

/** Stack of an error, or whatever else was thrown as text. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** `accepted`, `refused`, or what went wrong. */
async function judge(attempt: FuzzOptions['attempt'], bytes: Uint8Array): Promise<string> {
  try {
    return (await attempt(bytes)) ?? 'accepted';
  } catch (error) {
    return error instanceof ModelFormatError ? 'refused' : describeError(error);
  }
}

async function measure(
  run: () => Promise<string>,
): Promise<{result: string; timeMs: number; allocatedBytes: number}> {
  for (;;) {
    const before = usedBytes();
    if (before > 128 * 2 ** 20) globalThis.gc?.();
    const start = usedBytes();
    const startMs = performance.now();
    const result = await run();
    const timeMs = performance.now() - startMs;
    const allocatedBytes = usedBytes() - start;
    if (allocatedBytes >= 0) return {result, timeMs, allocatedBytes};
    globalThis.gc?.(); // a collection came between: what was measured is less than what was used
  }
}

function usedBytes(): number {
  const {heapUsed, arrayBuffers} = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
