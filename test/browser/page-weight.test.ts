import {beforeAll, describe, expect, test} from 'vitest';
import {weighListeningPage, type DownloadedFile} from '../support/page-weight.ts';

/** What `npm run size` printed when this was set, 437,059 bytes, and a tenth to grow. */
const MOST_GZIP_BYTES = 480_000;

describe('a page with one listening <kws-listener>', () => {
  let files: readonly DownloadedFile[];

  beforeAll(async () => {
    files = await weighListeningPage();
  });

  test('downloads no more than its budget', () => {
    const total = files.reduce((sum, {gzipBytes}) => sum + gzipBytes, 0);
    expect(total).toBeLessThanOrEqual(MOST_GZIP_BYTES);
  });

  test('downloads the runtime of its own engine, and not those of others', () => {
    const paths = files.map(({path}) => path);
    expect(paths).toContain('tfjs-backend-wasm-simd.wasm');
    expect(paths.filter((path) => /^ort\b|onnx|webgpu/.test(path))).toEqual([]);
  });
});
