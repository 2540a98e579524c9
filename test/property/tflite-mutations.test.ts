import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {type FuzzReport, fuzzTflite, memoryLimitBytes, TIME_LIMIT_MS} from '../support/tflite-fuzz.ts';
import {sampleFloatNetwork, sampleInt8Network} from '../support/tflite-samples.ts';

const SEED = 20_261_121;
const COUNT = 5000;
const PUBLISHED = [
  'micronet_large_int8.tflite',
  'ds_cnn_clustered_int8_rebuilt.tflite',
  'ds_cnn_large_int8.tflite',
  'mlperf_tiny_kws_int8.tflite',
];
const CHILD = join(import.meta.dirname, '../support/fuzz-tflite-child.ts');
// a young generation larger than any allowance, so that no collection hides what a read allocates
const NODE_OPTIONS = [
  '--import',
  'tsx',
  '--expose-gc',
  '--max-old-space-size=256',
  '--min-semi-space-size=128',
  '--max-semi-space-size=128',
];

function fuzzInChild(paths: readonly string[]): FuzzReport {
  const output = execFileSync(process.execPath, [...NODE_OPTIONS, CHILD, `${SEED}`, `${COUNT}`, ...paths], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  return JSON.parse(output) as FuzzReport;
}

function expectSafe(report: FuzzReport): void {
  expect(report.faults, `seed ${SEED}`).toEqual([]);
  expect(report.accepted + report.refused).toBe(COUNT);
  // both ends of the reader were exercised
  expect(Math.min(report.accepted, report.refused)).toBeGreaterThan(COUNT / 20);
  expect(report.slowestMs).toBeLessThan(TIME_LIMIT_MS);
  expect(report.worstMemoryShare).toBeLessThan(1);
}

describe(`${COUNT} seeded mutations of TFLite files, in a child process`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'earshot-fuzz-'));
  });
  afterAll(() => {
    rmSync(folder, {recursive: true});
  });

  it.skipIf(!hasShared)(
    'give typed errors or valid graphs, in time and memory: the published files (skipped where ../shared is absent)',
    () => {
      expectSafe(fuzzInChild(PUBLISHED.map((file) => sharedPath('models', file))));
    },
    120_000,
  );

  it('give typed errors or valid graphs, in time and memory: small files of many operators', () => {
    const samples = {'int8.tflite': sampleInt8Network(), 'float.tflite': sampleFloatNetwork()};
    const paths = Object.entries(samples).map(([name, bytes]) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    });
    expectSafe(fuzzInChild(paths));
  }, 120_000);
});

describe('the mutation test itself', () => {
  const files = new Map([['sample', sampleInt8Network()]]);
  const graph = readTflite(sampleInt8Network());

  it('reports a reader that throws anything but a ModelFormatError', () => {
    const read = (): never => {
      throw new RangeError('Offset is outside the bounds of the DataView');
    };
    const report = fuzzTflite({files, seed: 7, count: 1, read});
    expect(report.faults[0]?.mutation).toContain('seed 7, mutation 0 of sample');
    expect(report.faults[0]?.problem).toMatch(/DataView/);
  });

  it('reports a reader that returns a graph which could not run', () => {
    const report = fuzzTflite({files, seed: 7, count: 1, read: () => ({...graph, outputs: ['nowhere']})});
    expect(report.faults[0]?.problem).toMatch(/invalid graph.*nowhere/);
  });

  it('reports a reader that allocates more than its allowance', () => {
    const hoard: Uint8Array[] = [];
    const read = (): typeof graph => {
      // twice, because a collection of something else meanwhile would hide a little more than the limit
      hoard.push(new Uint8Array(2 * memoryLimitBytes(files.get('sample')?.length ?? 0)));
      return graph;
    };
    const report = fuzzTflite({files, seed: 7, count: 1, read});
    expect(report.faults[0]?.problem).toMatch(/allocated/);
  });

  it('reports a reader that takes too long', () => {
    const read = (): typeof graph => {
      const end = performance.now() + TIME_LIMIT_MS;
      while (performance.now() <= end);
      return graph;
    };
    expect(fuzzTflite({files, seed: 7, count: 1, read}).faults[0]?.problem).toMatch(/took/);
  });
});
