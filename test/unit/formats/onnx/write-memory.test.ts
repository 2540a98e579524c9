import {execFile} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {repositoryRoot} from '../../../support/repository.ts';
import type {Keeping, WriteMemoryReport} from '../../../support/write-memory.child.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-write-'));
});
afterAll(() => rm(folder, {recursive: true}));

async function measure(keeping: Keeping): Promise<WriteMemoryReport> {
  const child = join(repositoryRoot, 'test/support/write-memory.child.ts');
  const {stdout} = await promisify(execFile)(process.execPath, ['--import', 'tsx', child, folder, keeping]);
  return JSON.parse(stdout) as WriteMemoryReport;
}

it('writes 400 MB of weights in the memory of a few of the largest', {timeout: 60_000}, async () => {
  const {grownBytes, largestTensorBytes} = await measure('one-by-one');
  expect(grownBytes).toBeLessThan(12 * largestTensorBytes); // 4 times here; the collector may come late
});

it('is told by this measure where weights are kept', {timeout: 60_000}, async () => {
  const {grownBytes, weightBytes} = await measure('all-at-once');
  expect(grownBytes).toBeGreaterThan(0.9 * weightBytes);
});
