import {execFile} from 'node:child_process';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, relative} from 'node:path';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import {readRepositoryFile, repositoryPath, repositoryRoot} from '../support/repository.ts';

const analyzer = repositoryPath('node_modules/@custom-elements-manifest/analyzer/cem.js');

test('custom-elements.json says what the elements are now (npm run manifest brings it up to date)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-manifest-'));
  try {
    const outdir = relative(repositoryRoot, folder);
    const options = ['analyze', '--outdir', outdir, '--quiet'];
    await promisify(execFile)(process.execPath, [analyzer, ...options], {cwd: repositoryRoot});
    const generated: unknown = JSON.parse(await readFile(join(folder, 'custom-elements.json'), 'utf8'));
    expect(JSON.parse(readRepositoryFile('custom-elements.json'))).toEqual(generated);
  } finally {
    await rm(folder, {recursive: true});
  }
});
