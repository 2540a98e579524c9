import {beforeAll, describe, expect, test} from 'vitest';
import {weighListeningPage, type DownloadedFile} from '../support/page-weight.ts';

/** What `npm run size` printed when this was set, 437,059 bytes, and a tenth to grow. */
const MOST_GZIP_BYTES = 480_000;

/** Code that knows what would be downloaded: the cards of all systems, what imports are called; none reads or imports. */
const ASKING = ['model-service', 'language-models', 'card', 'import-origin', 'version'];

/** The same for what comes beside where the page sets a limit to downloads. */
const MOST_GZIP_BYTES_OF_ASKING = 7300; // 6,635

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

  test('downloads nothing beside the code that asks, where it asks before large downloads', async () => {
    const asking = await weighListeningPage('ask-above="10"');
    const known = new Set(files.map(({path}) => path));
    const more = asking.filter(({path}) => !known.has(path));
    const names = more.map(({path}) => path.replace(/-[\w-]{8}\.js$/, ''));
    expect(names.filter((name) => !ASKING.includes(name))).toEqual([]);
    const bytes = more.reduce((sum, {gzipBytes}) => sum + gzipBytes, 0);
    expect(bytes, `${bytes} bytes in ${names.join(', ')}`).toBeLessThanOrEqual(MOST_GZIP_BYTES_OF_ASKING);
  });
});
