import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';

/** Folder of the repository. */
export const repositoryRoot: string = resolve(import.meta.dirname, '../..');

/** Path of a file of the repository; an absolute path stays as it is. */
export function repositoryPath(path: string): string {
  return resolve(repositoryRoot, path);
}

/** Text of a file of the repository. */
export function readRepositoryFile(path: string): string {
  return readFileSync(repositoryPath(path), 'utf8');
}

/** The parts of package.json that tests look at. */
export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly sideEffects: readonly string[];
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** What package.json says. */
export function readPackageJson(): PackageJson {
  return JSON.parse(readRepositoryFile('package.json')) as PackageJson;
}
