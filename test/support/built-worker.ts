import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {build} from 'vite';
import {repositoryPath} from './repository.ts';

/** A folder to be served: an empty page, and a worker that it may start. */
export interface BuiltWorker {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Builds a worker of the tests that needs no more than scripts.
 * @param source in test/support; the worker is served under its name, with `.js`.
 */
export async function buildWorker(source: string): Promise<BuiltWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-worker-'));
  await build({
    configFile: false, // that of the package would build the package with it
    logLevel: 'warn',
    build: {
      target: 'esnext',
      outDir: folder,
      emptyOutDir: true,
      copyPublicDir: false,
      modulePreload: false,
      rolldownOptions: {
        input: [repositoryPath(`test/support/${source}`)],
        output: {entryFileNames: '[name].js'},
      },
    },
  });
  await writeFile(join(folder, 'index.html'), '<!doctype html><html lang="en"><title>Worker</title></html>');
  await writeFile(join(folder, 'favicon.ico'), ''); // browsers ask for one
  return {folder, remove: async () => await rm(folder, {recursive: true})};
}
