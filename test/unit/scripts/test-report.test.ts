import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {countTests} from '../../../scripts/test-report.mjs';

describe('the count of a test report', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'earshot-report-'));
  });

  afterAll(() => {
    rmSync(folder, {recursive: true});
  });

  /** Counts a report of one file with these test states. */
  function count(states: readonly string[], fileStatus: 'passed' | 'failed', message = '') {
    const report = join(folder, 'report.json');
    const assertionResults = states.map((status, index) => ({fullName: `case ${index}`, status}));
    const file = {name: '/root/test/unit/some.test.ts', status: fileStatus, message, assertionResults};
    writeFileSync(report, JSON.stringify({testResults: [file]}));
    return countTests(report, '/root');
  }

  test('tells what passed, failed and was skipped', () => {
    expect(count(['passed', 'failed', 'skipped', 'todo', 'passed'], 'failed')).toEqual({
      passed: 2,
      failed: 1,
      failures: ['test/unit/some.test.ts: case 1'],
      skipped: ['test/unit/some.test.ts: case 2', 'test/unit/some.test.ts: case 3'],
    });
  });

  test('counts a test that should have run and did not as failed', () => {
    expect(count(['passed', 'pending'], 'failed')).toMatchObject({
      passed: 1,
      failed: 1,
      failures: ['test/unit/some.test.ts: case 1 (did not run)'],
    });
  });

  test('counts a file that could not be loaded as one failure, with its reason', () => {
    expect(count([], 'failed', 'Cannot find module')).toMatchObject({
      failed: 1,
      failures: ['test/unit/some.test.ts: Cannot find module'],
    });
  });

  test('counts a file whose hook failed, although all its tests say skipped', () => {
    expect(count(['skipped'], 'failed', 'hook failed')).toMatchObject({failed: 1});
  });
});
