import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {contentSecurityPolicy, securityHeaders} from '../../scripts/content-security-policy.mjs';
import {MANIFEST_FILE} from '../../src/import/manifest.ts';
import {MODEL_FILE, WEIGHTS_FILE} from '../../src/formats/onnx/write-onnx-files.ts';
import {cards} from '../../src/systems/cards.ts';
import {earshot} from '../support/earshot-command.ts';
import {guides, readHeaders, readSample, readSamples} from '../support/guides.ts';
import {readPackageJson, readRepositoryFile, repositoryPath} from '../support/repository.ts';
import {typeCheck} from '../support/type-check.ts';

const samples = readSamples();

describe('the guides', () => {
  test('are all linked by the README', () => {
    const readme = readRepositoryFile('README.md');
    expect(guides.filter((path) => !readme.includes(`(${path})`))).toEqual([]);
    expect(guides.length).toBeGreaterThan(2);
  });

  test.each(guides)('%s links to files that are there', (path) => {
    const links = [...readRepositoryFile(path).matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(repositoryPath(join(dirname(path), link))))).toEqual([]);
  });

  test('have no two samples of one name, and none that no test takes up', () => {
    const names = samples.filter(({language}) => language !== 'sh').map(({file}) => file);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    const takers = ['contract/guides', 'browser/guides', 'browser/offline-isolation', 'package/apps'];
    const tests = takers.map((name) => readRepositoryFile(`test/${name}.test.ts`));
    const code = samples.filter(({language}) => ['html', 'js'].includes(language)).map((one) => one.code);
    const isTaken = (name: string): boolean =>
      name.endsWith('.ts') || // compiled
      tests.some((text) => text.includes(`'${name}'`)) ||
      code.some((text) => text.includes(`"${name}"`) || text.includes(`'/${name}'`));
    expect(names.filter((name) => !isTaken(name))).toEqual([]);
  });

  test('have TypeScript that a strict project can compile', () => {
    const written = samples.filter(({language}) => language === 'ts');
    expect(written.length).toBeGreaterThan(2);
    expect(typeCheck(new Map(written.map(({file, code}) => [file, code])))).toEqual([]);
    expect(typeCheck(new Map([['planted.ts', "import {Keywords} from 'earshot';"]]))).toHaveLength(1);
  }, 120_000);
});

describe('the headers', () => {
  test('are those that every test of this repository is served with', () => {
    expect(readHeaders('headers')).toEqual(securityHeaders);
  });

  test('are the same for nginx and in a _headers file', () => {
    const nginx = [...readSample('nginx.conf').matchAll(/add_header (\S+) "(.*)" always;/g)];
    expect(Object.fromEntries(nginx.map(([, name, value]) => [name, value]))).toEqual(securityHeaders);
    const [path, ...lines] = readSample('_headers').trim().split('\n');
    expect(path).toBe('/*');
    const expected = Object.entries(securityHeaders).map(([name, value]) => `  ${name}: ${value}`);
    expect(lines).toEqual(expected);
  });

  test('have a reason for each directive of the policy', () => {
    const guide = readRepositoryFile('docs/guides/csp-and-headers.md');
    const rows = guide.split('\n').filter((line) => line.startsWith('| `'));
    const named = contentSecurityPolicy.split('; ').map((directive) => directive.split(' ')[0] ?? '');
    expect(named.filter((name) => name !== 'default-src' && !rows.some((row) => row.includes(name)))).toEqual(
      [],
    );
  });
});

test('the folder of models has each file where a page asks for it', () => {
  const written = readSample('models-folder').trim().split('\n');
  const imported = [MANIFEST_FILE, MODEL_FILE, WEIGHTS_FILE];
  const asked = cards.flatMap(({id, weights: {format, name}}) =>
    (format === 'torch' ? imported : [name, MANIFEST_FILE]).map((file) => `models/${id}/${file}`),
  );
  expect(written.filter((path) => !asked.includes(path))).toEqual([]);
});

describe('the command lines', () => {
  const lines = samples
    .filter(({language}) => language === 'sh')
    .flatMap(({code}) => code.trim().split('\n'));

  const ofNpm = lines.filter((line) => line.startsWith('npm '));

  test('that install the package name the tarball that npm packs', () => {
    const {name, version} = readPackageJson();
    expect(ofNpm).toEqual(['npm pack', `npm install ./${name}-${version}.tgz`]);
  });

  test.each(lines.filter((line) => !ofNpm.includes(line)))(
    '%s has a command and options that there are',
    async (line) => {
      const [npx, name, command = '', ...args] = line.split(' ');
      expect([npx, name]).toEqual(['npx', 'earshot']);
      const {code, stdout} = await earshot(command, '--help');
      expect(code).toBe(0);
      expect(args.filter((arg) => arg.startsWith('--') && !stdout.includes(`  ${arg} `))).toEqual([]);
    },
  );
});
