import {existsSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {readImports} from '../support/read-imports.ts';
import {readPackageJson, readRepositoryFile, repositoryPath} from '../support/repository.ts';

/** Every file that an entry of `exports` leads to. */
const exportedFiles = Object.values(readPackageJson().exports).flatMap((entry) =>
  typeof entry === 'string' ? [entry] : Object.values(entry),
);

describe('the built package', () => {
  test.each(exportedFiles)('has %s, which package.json exports', (path) => {
    expect(existsSync(repositoryPath(path))).toBe(true);
  });

  test('has a worklet that imports nothing, because the audio thread would have to wait for it', () => {
    const path = 'dist/package/capture.worklet.js';
    const source = {path, text: readRepositoryFile(path)};
    expect(source.text).toContain('registerProcessor');
    expect(readImports(source)).toEqual([]);
  });

  test('has a worker that does not import the engines before they are needed', () => {
    const path = 'dist/package/speech.worker.js';
    const eager = /^import[^(]*?from\s*["'`]([^"'`]+)/gm;
    const names = [...readFileSync(repositoryPath(path), 'utf8').matchAll(eager)].map(([, name]) => name);
    expect(names.filter((name) => /tfjs|ort|onnx|dist-/.test(name!))).toEqual([]);
  });

  test('can be imported in Node, where there is no page', async () => {
    const entry = (await import(repositoryPath('dist/package/index.js'))) as Record<string, unknown>;
    expect(entry['KeywordSpotter']).toBeTypeOf('function');
  });
});
