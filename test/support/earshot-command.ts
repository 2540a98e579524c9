import {spawn} from 'node:child_process';
import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';
import {runEarshot} from '../../src/cli/run-earshot.ts';
import {repositoryPath} from './repository.ts';

/** How a command line ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process: fast, and everything but the entry file. */
export async function earshot(...args: readonly string[]): Promise<CommandEnd> {
  const lines = {stdout: '', stderr: ''};
  const code = await runEarshot(args, {
    print: (text) => void (lines.stdout += `${text}\n`),
    warn: (text) => void (lines.stderr += `${text}\n`),
  });
  return {code, ...lines};
}

/** Runs a command line as a process of its own, from a folder that is not the repository. */
export async function spawnEarshot(folder: string, ...args: readonly string[]): Promise<CommandEnd> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const entry = repositoryPath('src/cli/earshot.ts');
  const child = spawn(process.execPath, ['--import', tsx, entry, ...args], {cwd: folder});
  const written = {stdout: '', stderr: ''};
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return {code, ...written};
}
