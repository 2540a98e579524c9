import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import type {ServerBehaviour} from './model-server.ts';
import {repositoryPath} from './repository.ts';

/** A server in a process of its own. */
export interface KillableServer {
  readonly port: number;
  readonly url: string; // ends in a slash
  /** The Range of each request for the file so far, empty where it had none. */
  readonly ranges: readonly string[];
  /** Kills the process as a crash does: no goodbye to anybody. */
  kill(): Promise<void>;
}

/** Starts a server of one file; `port` 0 takes a free one. */
export async function startKillableServer(
  file: string,
  behaviour: ServerBehaviour,
  port = 0,
): Promise<KillableServer> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      repositoryPath('test/support/model-server.child.ts'),
      file,
      String(port),
      JSON.stringify(behaviour),
    ],
    {stdio: ['ignore', 'pipe', 'inherit']},
  );
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, 'line')) as [string];
  const ranges: string[] = [];
  lines.on('line', (range) => ranges.push(range));
  return {
    port: Number(line),
    url: `http://localhost:${line}/`,
    ranges,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
