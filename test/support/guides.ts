import {readdirSync} from 'node:fs';
import {readRepositoryFile, repositoryPath} from './repository.ts';

/** A block of code in a guide. */
export interface Sample {
  /** Path of the guide, from the root of the repository. */
  readonly guide: string;
  readonly language: string; // as the block says: html, ts, sh, …
  /** Name of the file that it is, which stands behind the language; empty where it is none. */
  readonly file: string;
  readonly code: string;
}

const FOLDER = 'docs/guides';
const BLOCK = /^( *)```(\w+) ?(\S*)\n(.*?)^\1```$/gms; // indented in a list

/** Paths of the guides, from the root of the repository. */
export const guides: readonly string[] = readdirSync(repositoryPath(FOLDER)).map(
  (name) => `${FOLDER}/${name}`,
);

/** All samples of all guides. */
export function readSamples(): readonly Sample[] {
  return guides.flatMap((guide) =>
    [...readRepositoryFile(guide).matchAll(BLOCK)].map(
      ([, indent = '', language = '', file = '', code = '']) => ({
        guide,
        language,
        file,
        code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      }),
    ),
  );
}

/** The sample of a name. @throws Error where no guide has it. */
export function readSample(file: string): string {
  const sample = readSamples().find((one) => one.file === file);
  if (!sample) throw new Error(`got no sample ${file}, expected one in ${FOLDER}`);
  return sample.code;
}

/** The headers of a sample that lists them, a line each. */
export function readHeaders(file: string): Record<string, string> {
  const lines = readSample(file).trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
}
