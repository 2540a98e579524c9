import {readFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {compileKernels, kernelsFile} from '../../../../scripts/compile-kernels.mjs';
import {blockFields} from '../../../../src/engine/integer/blocks.ts';

/** Most bytes, gzipped, that the kernels may weigh: what they weighed when this was set (2,996) and a tenth to grow. */
const MOST_GZIP_BYTES = 3_300;

const bytes = new Uint8Array(readFileSync(kernelsFile));

describe('integer-kernels.wasm', () => {
  it('is what its sources compile to, byte for byte (else: npm run kernels)', async () => {
    expect(Buffer.from(await compileKernels()).equals(bytes)).toBe(true);
  }, 60_000);

  it('has a kernel for each kind of block, and nothing else but the memory that it is given', async () => {
    const module = await WebAssembly.compile(bytes);
    const names = WebAssembly.Module.exports(module).map(({name}) => name);
    expect(names.toSorted()).toEqual(Object.keys(blockFields).toSorted());
    expect(WebAssembly.Module.imports(module)).toEqual([{module: 'env', name: 'memory', kind: 'memory'}]);
  });

  it('weighs no more than its budget', () => {
    expect(gzipSync(bytes).length).toBeLessThanOrEqual(MOST_GZIP_BYTES);
  });
});
