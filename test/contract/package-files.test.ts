import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {builtInFiles} from '../../src/host/built-in-files.ts';
import {readEntry} from '../support/entry-weight.ts';
import {readImports} from '../support/read-imports.ts';
import {readPackageJson, readRepositoryFile, repositoryPath} from '../support/repository.ts';

interface SourceMap {
  readonly sources: readonly string[];
}

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
    const names = [...readEntry('dist/package', 'speech.worker.js').keys()];
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => /tfjs|ort\b|onnx|dist-/.test(name))).toEqual([]);
  });

  test("has no file that imports the worker's own, which under another URL would run twice in one thread", () => {
    const scripts = readdirSync(repositoryPath('dist/package')).filter((name) => name.endsWith('.js'));
    const importing = scripts.filter((name) =>
      /(from|import)\s*\(?["'`]\.\/speech\.worker/.test(readRepositoryFile(`dist/package/${name}`)),
    );
    expect(importing).toEqual([]);
  });

  test('names its files by URLs of the form that bundlers look for', () => {
    const scripts = readdirSync(repositoryPath('dist/package')).filter((name) => name.endsWith('.js'));
    const urls = scripts
      .map((name) => readRepositoryFile(`dist/package/${name}`))
      .flatMap((text) => [...text.matchAll(/new URL\(`([^`]+)`,import\.meta\.url *\)/g)])
      .map(([, path]) => path?.replace(/\?no-inline$/, '') ?? '');
    expect(urls).toContain('./speech.worker.js');
    expect(urls).toContain('capture.worklet.js');
    expect(urls.filter((path) => !existsSync(repositoryPath(`dist/package/${path}`)))).toEqual([]);
  });

  test('names every model that comes with it, so that bundlers take it along', () => {
    const folder = repositoryPath('public/models');
    const paths = readdirSync(folder, {recursive: true, encoding: 'utf8'});
    const models = paths.filter((path) => /\.\w+$/.test(path) && !path.endsWith('.md'));
    expect(Object.keys(builtInFiles).sort()).toEqual(models.sort());
  });

  test('says the licence of every package that is in it', () => {
    const folder = repositoryPath('dist/package');
    const maps = readdirSync(folder).filter((name) => name.endsWith('.js.map'));
    const names = maps
      .flatMap((name) => (JSON.parse(readRepositoryFile(join(folder, name))) as SourceMap).sources)
      .map((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1])
      .filter((name) => name !== undefined);
    const licences = readRepositoryFile('dist/package/third-party-licences.md');
    expect(names).toContain('mediabunny'); // in a part of the worker that is loaded on need
    expect([...new Set(names)].filter((name) => !licences.includes(`\n## ${name} `))).toEqual([]);
  });

  test('can be imported in Node, where there is no page', async () => {
    const entry = (await import(repositoryPath('dist/package/index.js'))) as Record<string, unknown>;
    expect(entry['KeywordSpotter']).toBeTypeOf('function');
  });
});
