import {createHash} from 'node:crypto';
import {readdir, readFile} from 'node:fs/promises';
import {join, resolve, sep} from 'node:path';
import {build, type Plugin} from 'vite';
import type {Isolation} from '../src/offline/isolation.ts';
import type {Release, ReleaseFile} from '../src/offline/release.ts';
import {isKept, partOf} from './offline-parts.ts';

const root = resolve(import.meta.dirname, '..');

/** Name of the service worker in the folder of a build; it never changes, since browsers ask for it by that name. */
export const OFFLINE_WORKER = 'offline.sw.js';

/** What may be chosen for the service worker of a build. */
export interface OfflineWorkerOptions {
  /** Adds the headers of cross-origin isolation to every response, for hosts that cannot send them. */
  readonly isolation?: Isolation | undefined;
}

/** Writes the service worker into the folder of a build when all of its files are there. */
export function offlineWorker(options: OfflineWorkerOptions = {}): Plugin {
  let folder = '';
  return {
    name: 'earshot:offline-worker',
    apply: 'build',
    configResolved: (config) => {
      folder = resolve(config.root, config.build.outDir);
    },
    writeBundle: {sequential: true, order: 'post', handler: () => writeOfflineWorker(folder, options)},
  };
}

/** Bundles the service worker of a build with the list of its files, as one classic script. */
export async function writeOfflineWorker(
  folder: string,
  {isolation}: OfflineWorkerOptions = {},
): Promise<void> {
  const release = await listRelease(folder);
  await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'warn',
    define: {
      EARSHOT_RELEASE: JSON.stringify(release),
      EARSHOT_ISOLATION: isolation === undefined ? 'undefined' : JSON.stringify(isolation),
    },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'esnext',
      rolldownOptions: {
        input: resolve(root, 'workers/offline.sw.ts'),
        output: {format: 'iife', entryFileNames: OFFLINE_WORKER},
      },
    },
  });
}

/** What a build consists of. */
export async function listRelease(folder: string): Promise<Release> {
  const files: Record<string, ReleaseFile> = {};
  const hash = createHash('sha256');
  for (const path of await listFiles(folder)) {
    const content = await readFile(join(folder, path));
    const sha256 = createHash('sha256').update(content).digest('hex');
    const part = partOf(path, content.length);
    files[path] = {sha256, ...(part !== undefined && {part})};
    hash.update(`${path} ${sha256}\n`);
  }
  return {version: hash.digest('hex').slice(0, 16), files};
}

/** Paths with forward slashes, sorted. */
async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(resolve(folder).length + 1))
    .map((path) => path.split(sep).join('/'))
    .filter((path) => isKept(path) && path !== OFFLINE_WORKER)
    .sort();
}
