import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {weighEntry} from '../support/entry-weight.ts';
import {readPackageJson} from '../support/repository.ts';

const FOLDER = 'dist/package';

/**
 * Most bytes, gzipped, that a page downloads to import each public entry, with what that imports at once. Each is what
 * the entry weighed when this was set (in the comment) and a tenth to grow. What the worker loads on need (the engines,
 * the weights) is in the budget of a whole page, test/browser/page-weight.test.ts.
 */
const budgets: Readonly<Record<string, number>> = {
  'index.js': 16_400, // 14,963, of which 1,400 for ModelLibrary and for asking before a download
  'elements.js': 33_700, // 30,695, of which 1,200 for asking the visitor
  'define.js': 33_800, // 30,764
  'speech.worker.js': 18_600, // 16,946
  'capture.worklet.js': 630, // 571
};

/** The same for what a page downloads beside them to run int8 networks: code and kernels of the integer engine. */
const INTEGER_ENGINE_BUDGET = 11_400; // 10,333

const entries = Object.values(readPackageJson().exports)
  .map((entry) => (typeof entry === 'string' ? entry : (entry['default'] ?? '')))
  .filter((path) => path.endsWith('.js'))
  .map((path) => path.replace(`./${FOLDER}/`, ''));

describe('the size of', () => {
  test.each(entries)('%s is within its budget', (name) => {
    const bytes = weighEntry(FOLDER, name);
    expect(bytes, `${name} weighs ${bytes} bytes gzipped`).toBeLessThanOrEqual(budgets[name] ?? 0);
  });

  test('the integer engine is within its budget', () => {
    const files = readdirSync(FOLDER).filter((name) => /^integer-(model-.*\.js|kernels\.wasm)$/.test(name));
    expect(files).toHaveLength(2);
    const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(FOLDER, name))).length, 0);
    expect(bytes).toBeLessThanOrEqual(INTEGER_ENGINE_BUDGET);
  });

  test('every public entry is budgeted, and nothing else', () => {
    expect(Object.keys(budgets)).toEqual(entries);
  });
});

describe('weighing an entry', () => {
  test('counts what it imports at once, once, and not what it imports on need', () => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-weight-'));
    const files = {
      'entry.js': "import './a.js';export * from './b.js';import('./late.js');",
      'a.js': "import {b} from './b.js';b();",
      'b.js': 'export const b=()=>1;',
      'late.js': 'export const late="never counted";',
    };
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      const expected = ['entry.js', 'a.js', 'b.js'] as const;
      expect(weighEntry(folder, 'entry.js')).toBe(
        expected.reduce((sum, name) => sum + gzipSync(files[name]).length, 0),
      );
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
});
