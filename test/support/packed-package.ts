import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {promisify} from 'node:util';
import {repositoryPath, repositoryRoot} from './repository.ts';

const run = promisify(execFile);

/** What npm may take, of which packing and installing take seconds: a registry that hangs gives nothing. */
const NPM_TIMEOUT_MS = 240_000;

/** What `npm pack --json` says of the tarball. */
export interface Tarball {
  readonly path: string;
  readonly bytes: number;
  readonly unpackedBytes: number;
  /** Paths inside the package. */
  readonly files: readonly string[];
}

/** An app of somebody who has installed the package. */
export interface App {
  readonly folder: string;
  /** Runs a script with Node in the app, and gives what it printed. Rejects where it fails. */
  run(script: string, ...args: readonly string[]): Promise<string>;
}

/** The package as it would be published, and as npm has installed it. */
export interface PackedPackage {
  readonly tarball: Tarball;
  /** Outside the repository, so that nothing of ours is found by climbing up. Removed at the end, with all in it. */
  readonly folder: string;
  /** Where npm has put the package. */
  readonly packageFolder: string;
  /** A new app with these files, by path, below the folder. */
  createApp(name: string, files: Readonly<Record<string, string>>): Promise<App>;
  /** Lets npm install further packages there, from its own store or from the registry; rejects where neither gives them. */
  install(...packages: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Packs what is built in dist, without building it again, and installs that without asking the network for anything. */
export async function packPackage(): Promise<PackedPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-packed-'));
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const {stdout} = await run('npm', packing, {cwd: repositoryRoot, maxBuffer: 16 * 1024 * 1024});
  const tarball = readReport(folder, stdout);
  await writeFiles(folder, {'package.json': JSON.stringify({name: 'apps', private: true, type: 'module'})});
  const install = async (...args: readonly string[]): Promise<void> => {
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...args], {
      cwd: folder,
      timeout: NPM_TIMEOUT_MS,
    });
  };
  await install('--offline', tarball.path);
  return {
    tarball,
    folder,
    packageFolder: join(folder, 'node_modules/earshot'),
    createApp: async (name, files) => {
      const cwd = join(folder, name);
      await writeFiles(cwd, files);
      return {
        folder: cwd,
        run: async (script, ...args) => (await run(process.execPath, [script, ...args], {cwd})).stdout,
      };
    },
    install: (...packages) => install('--prefer-offline', '--fetch-retries=0', ...packages),
    close: () => rm(folder, {recursive: true}),
  };
}

/** Path of a script that a package of the repository brings. */
export function toolPath(path: string): string {
  return repositoryPath(join('node_modules', path));
}

/** What a tool printed before it failed: for `catch`, after {@link App.run}. */
export function printedBy(error: unknown): string {
  return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
}

interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly {readonly path: string}[];
}

function readReport(folder: string, json: string): Tarball {
  const [report] = JSON.parse(json) as readonly PackReport[];
  if (!report) throw new Error('npm pack: got no tarball, expected one');
  return {
    path: join(folder, report.filename),
    bytes: report.size,
    unpackedBytes: report.unpackedSize,
    files: report.files.map(({path}) => path),
  };
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), {recursive: true});
    await writeFile(join(folder, path), text);
  }
}
