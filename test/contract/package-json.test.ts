import {describe, expect, test} from 'vitest';
import {EARSHOT_VERSION} from '../../src/protocol/version.ts';
import {readPackageJson, readRepositoryFile} from '../support/repository.ts';
import {readSources} from '../support/sources.ts';

const packageJson = readPackageJson();

describe('package.json', () => {
  test('exports the entries of the design and nothing else', () => {
    expect(Object.keys(packageJson.exports)).toEqual([
      '.',
      './elements',
      './define',
      './worker',
      './worklet',
      './custom-elements.json',
    ]);
  });

  test('names side effects for the files that define elements, and only for them', () => {
    const defining = readSources(['src'])
      .filter(({text}) => text.includes('customElements.define('))
      .map(({path}) => path)
      .filter((path) => !path.startsWith('src/demo/')); // a page of its own, in no package
    expect(defining).not.toEqual([]);
    expect(packageJson.sideEffects).toEqual([
      './dist/package/define.js',
      ...defining.map((path) => `./${path}`),
    ]);
  });

  test('has the version that the sources know', () => {
    expect(EARSHOT_VERSION).toBe(packageJson.version);
  });

  test('makes nobody install another package: what runs is in its files (docs/decisions/0023)', () => {
    const {dependencies, peerDependencies, optionalDependencies} = packageJson;
    expect({...dependencies, ...peerDependencies, ...optionalDependencies}).toEqual({});
  });

  test('pins every package to one version', () => {
    const versions = Object.values(packageJson.devDependencies);
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+[-.\w]*$/.test(version))).toEqual([]);
  });
});

describe('docs/dependencies.md', () => {
  const documented = [
    ...readRepositoryFile('docs/dependencies.md').matchAll(/^\| `([^`]+)` +\| *(.*?) *\|/gm),
  ];
  const reasons = new Map(documented.map(([, name, reason]) => [name, reason]));
  const wanted = Object.keys(packageJson.devDependencies);

  test.each(wanted)('gives the reason for %s', (name) => {
    expect(reasons.get(name)).toMatch(/\w+ \w+/);
  });

  test('gives no reason for what is not there', () => {
    expect([...reasons.keys()].filter((name) => !wanted.includes(name!))).toEqual([]);
  });
});
