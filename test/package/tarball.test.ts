import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {packPackage, printedBy, toolPath, type App, type PackedPackage} from '../support/packed-package.ts';

const MEGABYTE = 1_000_000;

/** Most bytes of the tarball: what it had when this was set, and a tenth to grow. Half is onnxruntime-web's wasm. */
const TARBALL_BUDGET_BYTES = 23 * MEGABYTE; // 21.0, of which 10.3 for that and 8.5 for models

const consumer = `
import {KeywordSpotter, Microphone, SpeechError, Transcriber, type KeywordDetection} from 'earshot';
import {KwsListener, type LiveTranscript} from 'earshot/elements';
import 'earshot/define';

const spotter: KeywordSpotter = await KeywordSpotter.load('earshot-kws', {keywords: ['yes']});
for await (const hit of spotter.listen(new Microphone())) {
  const {keyword, score}: KeywordDetection = hit;
  console.log(keyword.toUpperCase(), score.toFixed(2));
}
// @ts-expect-error: an engine that is not there
await Transcriber.load('earshot-ctc', {engine: 'magic'});

const listener: KwsListener = document.querySelector('kws-listener')!;
listener.addEventListener('kws-detect', (event) => console.log(event.keyword));
await listener.updateComplete; // of Lit, whose declarations are in the package
const transcript: LiveTranscript = document.createElement('live-transcript');
console.log(transcript.text.length, listener instanceof HTMLElement, new SpeechError('network', '').code);
`;

/** Options that a strict site would have; nothing of the package's own declarations is left unchecked. */
const strict = {
  strict: true,
  noEmit: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  target: 'ES2022',
  lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  types: [],
};

let packed: PackedPackage;
let app: App;
beforeAll(async () => {
  packed = await packPackage();
  app = await packed.createApp('app', {'main.ts': consumer});
});
afterAll(() => packed.close());

describe('the tarball', () => {
  test('has what is built, its declarations and its licences, and nothing else', () => {
    const {files} = packed.tarball;
    const folders = ['dist/package/', 'dist/cli/', 'dist/types/'];
    expect(files.filter((path) => !folders.some((folder) => path.startsWith(folder))).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'custom-elements.json',
      'package.json',
    ]);
    expect(files.filter((path) => path.endsWith('.map'))).toEqual([]);
    expect(files).toContain('dist/package/third-party-licences.md');
    expect(files).toContain('dist/cli/third-party-licences.md');
  });

  test('is within its budget', () => {
    const {bytes, unpackedBytes} = packed.tarball;
    const said = `${(bytes / MEGABYTE).toFixed(1)} MB, ${(unpackedBytes / MEGABYTE).toFixed(1)} MB unpacked`;
    console.log(`the tarball: ${said}`);
    expect(bytes, said).toBeLessThanOrEqual(TARBALL_BUDGET_BYTES);
  });

  test('installs itself and no other package', async () => {
    const lock = await readFile(join(packed.folder, 'node_modules/.package-lock.json'), 'utf8');
    const {packages} = JSON.parse(lock) as {readonly packages: object};
    expect(Object.keys(packages)).toEqual(['node_modules/earshot']);
  });

  test('has no script that leads to a source map that is not there', async () => {
    const scripts = packed.tarball.files.filter((path) => /^dist\/package\/.*\.js$/.test(path));
    const texts = await Promise.all(
      scripts.map((path) => readFile(join(packed.packageFolder, path), 'utf8')),
    );
    expect(scripts.filter((_, index) => texts[index]?.includes('sourceMappingURL='))).toEqual([]);
  });
});

describe('the types', () => {
  test.each([
    {module: 'ESNext', moduleResolution: 'Bundler'},
    {module: 'Node16', moduleResolution: 'Node16'},
  ])('resolve, and are right, with moduleResolution $moduleResolution', async (resolution) => {
    const config = {compilerOptions: {...strict, ...resolution}, files: ['main.ts']};
    const strictApp = await packed.createApp(`strict-${resolution.moduleResolution}`, {
      'main.ts': consumer,
      'tsconfig.json': JSON.stringify(config),
    });
    const printed = await strictApp.run(toolPath('typescript/bin/tsc')).catch(printedBy);
    expect(printed).toBe('');
  });

  test('are found by are-the-types-wrong to be right, for modules', async () => {
    const {path} = packed.tarball;
    const options = ['--profile', 'esm-only', '--exclude-entrypoints', 'custom-elements.json', '--no-emoji'];
    const attw = toolPath('@arethetypeswrong/cli/dist/index.js');
    // ends with an error where it finds a problem
    await expect(app.run(attw, path, ...options)).resolves.toContain('"earshot/define"');
  });
});

test('publint has nothing to say of the package', async () => {
  const publint = toolPath('publint/src/cli.js');
  const printed = await app
    .run(publint, packed.packageFolder, '--strict', '--pack', 'false')
    .catch(printedBy);
  expect(printed).toContain('All good!');
});
