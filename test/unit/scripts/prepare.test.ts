import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {arePackagesInstalled, isNodeVersionSupported} from '../../../scripts/prepare.mjs';

describe('the check of the Node version', () => {
  test.each(['20.19.0', '20.20.2', '22.12.0', '23.0.0', '24.1.0'])('accepts %s', (version) => {
    expect(isNodeVersionSupported(version)).toBe(true);
  });

  test.each(['18.20.0', '20.18.3', '21.7.0', '22.11.0'])('refuses %s', (version) => {
    expect(isNodeVersionSupported(version)).toBe(false);
  });
});

describe('the check of the installed packages', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'earshot-packages-'));
    mkdirSync(join(folder, 'node_modules'));
    writeLock('package-lock.json', {'': {}, 'node_modules/a': {version: '1.0.0'}});
  });

  afterEach(() => {
    rmSync(folder, {recursive: true});
  });

  function writeLock(path: string, packages: object): void {
    writeFileSync(join(folder, path), JSON.stringify({packages}));
  }

  test('finds nothing installed where npm left no lockfile', () => {
    expect(arePackagesInstalled(folder)).toBe(false);
  });

  test('is content where every package has the version of the lockfile', () => {
    writeLock('node_modules/.package-lock.json', {'node_modules/a': {version: '1.0.0'}});
    expect(arePackagesInstalled(folder)).toBe(true);
  });

  test('sees that a package is missing or has another version', () => {
    writeLock('node_modules/.package-lock.json', {'node_modules/a': {version: '1.0.1'}});
    expect(arePackagesInstalled(folder)).toBe(false);
    writeLock('node_modules/.package-lock.json', {});
    expect(arePackagesInstalled(folder)).toBe(false);
  });

  test('does not miss optional packages of other platforms', () => {
    const wanted = {'': {}, 'node_modules/mac-only': {version: '1.0.0', optional: true}};
    writeLock('package-lock.json', wanted);
    writeLock('node_modules/.package-lock.json', {});
    expect(arePackagesInstalled(folder)).toBe(true);
  });
});
