import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {expect} from 'vitest';
import {TIME_LIMIT_MS, type FuzzReport} from './mutation-fuzz.ts';

/** What to run in a process of its own. */
export interface FuzzRun {
  readonly format: 'tflite' | 'checkpoint';
  readonly paths: readonly string[];
  readonly seed: number;
  readonly count: number;
}

const CHILD = join(import.meta.dirname, 'fuzz-child.ts');
// a young generation larger than any allowance, so that no collection hides what a read allocates
const NODE_OPTIONS = [
  '--import',
  'tsx',
  '--expose-gc',
  '--max-old-space-size=256',
  '--min-semi-space-size=128',
  '--max-semi-space-size=128',
];

/** Mutates files in a child process and expects every mutation to be read or refused, in time and memory. */
export function expectSafeFuzz({format, paths, seed, count}: FuzzRun): void {
  const args = [...NODE_OPTIONS, CHILD, format, `${seed}`, `${count}`, ...paths];
  const output = execFileSync(process.execPath, args, {encoding: 'utf8', timeout: 120_000});
  const report = JSON.parse(output) as FuzzReport;
  expect(report.faults, `seed ${seed}`).toEqual([]);
  expect(report.accepted + report.refused).toBe(count);
  // both ends of the reader were exercised
  expect(Math.min(report.accepted, report.refused)).toBeGreaterThan(count / 20);
  expect(report.slowestMs).toBeLessThan(TIME_LIMIT_MS);
  expect(report.worstMemoryShare).toBeLessThan(1);
}
