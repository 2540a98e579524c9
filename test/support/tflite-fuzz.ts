import {openModelFile} from '../../src/formats/tflite/model-file.ts';
import {BUFFER} from '../../src/formats/tflite/schema.ts';
import type {Graph} from '../../src/graph/graph.ts';
import {ModelFormatError} from '../../src/graph/model-format-error.ts';
import {validateGraph} from '../../src/graph/validate-graph.ts';
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

/** What to run. */
export interface FuzzOptions {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly seed: number;
  readonly count: number;
  readonly read: (bytes: Uint8Array) => Graph;
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
export function fuzzTflite({files, seed, count, read}: FuzzOptions): FuzzReport {
  const random = seededRandom(seed);
  const originals = [...files].map(([name, bytes]) => ({name, bytes, words: structureWords(bytes)}));
  const report = {accepted: 0, refused: 0, faults: [] as Fault[], slowestMs: 0, worstMemoryShare: 0};
  for (let number = 0; number < count; number++) {
    const {name, bytes, words} = random.pick(originals);
    const mutation = mutate(bytes, words, random);
    const outcome = measure(() => attempt(mutation.bytes, read));
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

/** `accepted`, `refused`, or what went wrong. */
function attempt(bytes: Uint8Array, read: (bytes: Uint8Array) => Graph): string {
  let graph: Graph;
  try {
    graph = read(bytes);
  } catch (error) {
    return error instanceof ModelFormatError ? 'refused' : describeError(error);
  }
  try {
    validateGraph(graph);
    return 'accepted';
  } catch (error) {
    return `invalid graph: ${describeError(error)}`;
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function measure(run: () => string): {result: string; timeMs: number; allocatedBytes: number} {
  for (;;) {
    const before = usedBytes();
    if (before > 128 * 2 ** 20) globalThis.gc?.();
    const start = usedBytes();
    const startMs = performance.now();
    const result = run();
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

/** Positions of the file's words, multiples of 4, that are not the data of a buffer. */
function structureWords(bytes: Uint8Array): number[] {
  const isData = new Uint8Array(bytes.length);
  for (const buffer of openModelFile(bytes).buffers) {
    const data = buffer.vector(BUFFER.data, 1);
    // short ones are shapes and axes: part of the structure
    if (data !== undefined && data.count > 64) isData.fill(1, data.position, data.position + data.count);
  }
  const words: number[] = [];
  for (let position = 0; position + 4 <= bytes.length; position += 4) {
    if (isData[position] === 0) words.push(position);
  }
  return words;
}
