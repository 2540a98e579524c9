import {createHash} from 'node:crypto';
import {describe, expect, it} from 'vitest';
import {findPublishedVector} from '../../../workers/published-vector.ts';

/** A NumPy file of int8 values, one row. */
function npy(values: readonly number[]): Blob {
  const header = `{'descr': '|i1', 'fortran_order': False, 'shape': (${values.length},), }\n`;
  const preamble = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]);
  return new Blob([preamble, header, Int8Array.from(values)]);
}

function digest(values: readonly number[]): {readonly path: string; readonly sha256: string} {
  return {path: 'x.npy', sha256: createHash('sha256').update(Int8Array.from(values)).digest('hex')};
}

const published = {input: digest([1, -2, 3]), output: digest([4, 5])};

describe('a published vector', () => {
  it('is found by the digests of its values, whatever the order', async () => {
    const found = await findPublishedVector(published, [npy([4, 5]), npy([1, -2, 3])]);
    expect(found).toEqual({input: Int8Array.from([1, -2, 3]), output: Int8Array.from([4, 5])});
  });

  it('is asked for where it is not among the files', async () => {
    expect(await findPublishedVector(published, [npy([4, 5]), npy([0])])).toEqual({
      notRun: 'got 2 files, expected x.npy and x.npy as published',
    });
    expect(await findPublishedVector(published, [])).toEqual({
      notRun: 'got 0 files, expected x.npy and x.npy as published',
    });
  });

  it('is refused where a file is no NumPy array', async () => {
    await expect(findPublishedVector(published, [new Blob(['no'])])).rejects.toThrow(
      'expected a NumPy array file',
    );
  });
});
