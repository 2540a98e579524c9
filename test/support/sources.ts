import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {repositoryPath} from './repository.ts';

/** One file of the repository. */
export interface Source {
  readonly path: string; // from the root of the repository, with forward slashes
  readonly text: string;
}

/** All TypeScript files below some folders of the repository, those that exist. */
export function readSources(folders: readonly string[]): readonly Source[] {
  const present = folders.filter((folder) => existsSync(repositoryPath(folder)));
  return present.flatMap((folder) =>
    readdirSync(repositoryPath(folder), {recursive: true, encoding: 'utf8'})
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .map((path) => ({path, text: readFileSync(repositoryPath(path), 'utf8')})),
  );
}
