import {execFile} from 'node:child_process';
import {join, resolve} from 'node:path';
import {promisify} from 'node:util';
import {describe, expect, it} from 'vitest';
import type {AllocationReport} from '../support/count-allocations.ts';
import type {SearchKind} from '../support/ctc-search.child.ts';
import type {Plant} from '../support/hop-chain.child.ts';

const repositoryRoot = resolve(import.meta.dirname, '../..');

/** Runs resample → frame → MFCC → quantise → softmax → smooth → detect → gate → endpoint, hop by hop, in its own process. */
const runHops = (plant: Plant, hopCount: number) => runChild('hop-chain.child.ts', plant, hopCount);

/** Runs log-softmax → greedy → prefix beam search with two models and hot words, frame by frame, likewise. */
const runSearch = (kind: SearchKind, frameCount: number) => runChild('ctc-search.child.ts', kind, frameCount);

/**
 * A double that passes between two functions is an object to V8 where it does not inline one into the other, and for a
 * chain as long as this its budget runs out in some runs and not in others. What is counted is what the code allocates.
 */
const INLINE_ALL = ['--max-inlined-bytecode-size=3000', '--max-inlined-bytecode-size-cumulative=10000'];

async function runChild(name: string, kind: string, hopCount: number): Promise<AllocationReport> {
  const child = join(repositoryRoot, 'test/support', name);
  const {stdout} = await promisify(execFile)(
    process.execPath,
    // a young generation of 1 MiB: a loop that leaves 20 bytes a hop behind is collected within 100,000 hops
    [
      '--expose-gc',
      '--max-semi-space-size=1',
      ...INLINE_ALL,
      '--import',
      'tsx',
      child,
      kind,
      String(hopCount),
    ],
    {cwd: repositoryRoot},
  );
  return JSON.parse(stdout) as AllocationReport;
}

const allocatesNothing = (report: AllocationReport): boolean =>
  report.collections === 0 && report.arrayBufferPeakBytes === 0;

describe('the kernels, hop by hop', () => {
  it('allocate nothing over 100,000 hops: no collection, no new buffer', {timeout: 480_000}, async () => {
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

describe('CTC decoding, frame by frame', () => {
  it('allocates nothing over 50,000 frames: no collection, no new buffer', {timeout: 480_000}, async () => {
    const report = await runSearch('utterances', 50_000);
    expect(report).toEqual({hops: 50_000, collections: 0, arrayBufferPeakBytes: 0});
  });

  it('would be caught making one view a frame, by the collections', {timeout: 120_000}, async () => {
    const report = await runSearch('subarray', 20_000);
    expect(report.collections).toBeGreaterThan(0);
  });

  it(
    'keeps of audio that never ends its text and times only, not the search',
    {timeout: 240_000},
    async () => {
      // 20 bytes a token, of which there are 328 in 1,000 frames; arrays double, and old ones may be about
      const tokenCount = (70_000 * 328) / 1000;
      const report = await runSearch('endless', 50_000);
      expect(report.arrayBufferPeakBytes).toBeGreaterThan(0);
      expect(report.arrayBufferPeakBytes).toBeLessThan(4 * 20 * tokenCount);
    },
  );
});
