import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {repositoryPath} from '../support/repository.ts';

interface Manifest {
  readonly format: number;
  readonly model: string;
  readonly files: readonly {readonly path: string; readonly bytes: number; readonly sha256: string}[];
}

const FOLDER = repositoryPath('dist/package/models');

test.each(readdirSync(FOLDER))('the manifest of %s names every file of it as it is', (model) => {
  const folder = join(FOLDER, model);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  expect(manifest).toMatchObject({format: 1, model});
  const others = ['README.md', 'manifest.json'];
  const names = readdirSync(folder).filter((name) => !others.includes(name));
  expect(manifest.files.map(({path}) => path).toSorted()).toEqual(names.toSorted());
  for (const {path, bytes, sha256} of manifest.files) {
    const content = readFileSync(join(folder, path));
    expect(content.length).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  }
});
