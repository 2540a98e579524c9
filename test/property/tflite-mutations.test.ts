import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {memoryLimitBytes, TIME_LIMIT_MS} from '../support/mutation-fuzz.ts';
import {expectSafeFuzz} from '../support/run-fuzz.ts';
import {fuzzTflite} from '../support/tflite-fuzz.ts';
import {sampleFloatNetwork, sampleInt8Network} from '../support/tflite-samples.ts';

const SEED = 20_261_121;
const COUNT = 5000;
const PUBLISHED = [
  'micronet_large_int8.tflite',
  'ds_cnn_clustered_int8_rebuilt.tflite',
  'ds_cnn_large_int8.tflite',
  'mlperf_tiny_kws_int8.tflite',
];
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
      expectSafeFuzz({
        format: 'tflite',
        paths: PUBLISHED.map((file) => sharedPath('models', file)),
        seed: SEED,
        count: COUNT,
      });
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
    expectSafeFuzz({format: 'tflite', paths, seed: SEED, count: COUNT});
  }, 120_000);
});

describe('the mutation test itself', () => {
  const files = new Map([['sample', sampleInt8Network()]]);
  const graph = readTflite(sampleInt8Network());

  it('reports a reader that throws anything but a ModelFormatError', async () => {
    const read = (): never => {
      throw new RangeError('Offset is outside the bounds of the DataView');
    };
    const report = await fuzzTflite({files, seed: 7, count: 1, read});
    expect(report.faults[0]?.mutation).toContain('seed 7, mutation 0 of sample');
    expect(report.faults[0]?.problem).toMatch(/DataView/);
  });

  it('reports a reader that returns a graph which could not run', async () => {
    const report = await fuzzTflite({
      files,
      seed: 7,
      count: 1,
      read: () => ({...graph, outputs: ['nowhere']}),
    });
    expect(report.faults[0]?.problem).toMatch(/invalid graph.*nowhere/);
  });

  it('reports a reader that allocates more than its allowance', async () => {
    const hoard: Uint8Array[] = [];
    const read = (): typeof graph => {
      // twice, because a collection of something else meanwhile would hide a little more than the limit
      hoard.push(new Uint8Array(2 * memoryLimitBytes(files.get('sample')?.length ?? 0)));
      return graph;
    };
    const report = await fuzzTflite({files, seed: 7, count: 1, read});
    expect(report.faults[0]?.problem).toMatch(/allocated/);
  });

  it('reports a reader that takes too long', async () => {
    const read = (): typeof graph => {
      const end = performance.now() + TIME_LIMIT_MS;
      while (performance.now() <= end);
      return graph;
    };
    const report = await fuzzTflite({files, seed: 7, count: 1, read});
    expect(report.faults[0]?.problem).toMatch(/took/);
  });
});
