import {execFile} from 'node:child_process';
import {join, resolve} from 'node:path';
import {promisify} from 'node:util';
import {describe, expect, it} from 'vitest';
import type {AllocationReport, Plant} from '../support/hop-chain.child.ts';

const repositoryRoot = resolve(import.meta.dirname, '../..');
const child = join(repositoryRoot, 'test/support/hop-chain.child.ts');

/** Runs resample → frame → MFCC → quantise → softmax → smooth → detect, hop by hop, in a process of its own. */
async function runHops(plant: Plant, hopCount: number): Promise<AllocationReport> {
  const {stdout} = await promisify(execFile)(
    process.execPath,
    // a young generation of 1 MiB: a loop that leaves 20 bytes a hop behind is collected within 100,000 hops
    ['--expose-gc', '--max-semi-space-size=1', '--import', 'tsx', child, plant, String(hopCount)],
    {cwd: repositoryRoot},
  );
  return JSON.parse(stdout) as AllocationReport;
}

const allocatesNothing = (report: AllocationReport): boolean =>
  report.collections === 0 && report.arrayBufferPeakBytes === 0;

describe('the kernels, hop by hop', () => {
  it('allocate nothing over 100,000 hops: no collection, no new buffer', {timeout: 240_000}, async () => {
    const report = await runHops('none', 100_000);
    expect(report).toEqual({hops: 100_000, collections: 0, arrayBufferPeakBytes: 0});
    expect(allocatesNothing(report)).toBe(true);
  });

  it('would be caught making one view a hop, by the collections', {timeout: 120_000}, async () => {
    const report = await runHops('subarray', 20_000);
    expect(report.collections).toBeGreaterThan(0);
    expect(allocatesNothing(report)).toBe(false);
  });

  it('would be caught making one array a hop, by the growth of buffers', {timeout: 120_000}, async () => {
    const report = await runHops('array', 20_000);
    expect(report.arrayBufferPeakBytes).toBeGreaterThan(0);
    expect(allocatesNothing(report)).toBe(false);
  });
});
