import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {repositoryPath} from './repository.ts';

/** Folder of the shared material (recordings, published weights, goldens); undefined where it is absent. */
export const sharedRoot: string | undefined = [
  process.env['EARSHOT_SHARED'] ?? repositoryPath('../shared'),
].find((folder) => existsSync(folder));

/** Whether the shared material is there; tests that need it skip where it is not, and say so in their title. */
export const hasShared: boolean = sharedRoot !== undefined;

/**
 * Path of a file of the shared material.
 * @throws Error where the material or the file is absent.
 */
export function sharedPath(...parts: string[]): string {
  if (sharedRoot === undefined) {
    throw new Error('the shared material is absent: expected it at ../shared or where EARSHOT_SHARED says');
  }
  const path = join(sharedRoot, ...parts);
  if (!existsSync(path)) throw new Error(`the shared material has no ${parts.join('/')} (looked at ${path})`);
  return path;
}
