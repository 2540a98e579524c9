import {mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {build, type Plugin} from 'vite';
import {repositoryPath} from './repository.ts';

/** Code that differs in the next release: of the page, of a view that is loaded on need, of the worker. */
const CHANGED = /\/(main|transcription-view|speech\.worker)\.ts$/;

/** Builds the demo as another version of it; gives its folder, to be removed by the caller. */
export async function buildNextRelease(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-next-'));
  const {NODE_ENV: ofTests} = process.env;
  process.env['NODE_ENV'] = 'production'; // else it would be a build for development
  await build({
    configFile: repositoryPath('vite.config.ts'),
    logLevel: 'error',
    plugins: [otherVersion()],
    worker: {plugins: () => [otherVersion()]},
    build: {outDir: folder},
  });
  process.env['NODE_ENV'] = ofTests ?? '';
  return folder;
}

function otherVersion(): Plugin {
  return {
    name: 'other-version',
    transform: (code, id) => (CHANGED.test(id) ? `${code}\nperformance.mark('another version');` : undefined),
  };
}
