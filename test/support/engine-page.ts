import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {build} from 'vite';
import {securityHeaders} from '../../scripts/content-security-policy.mjs';
import {launchChromium, type Chromium} from './chromium.ts';
import type {EngineAnswer, EngineTask} from './engine-worker.ts';
import {repositoryPath} from './repository.ts';
import {startStaticServer} from './static-server.ts';
import {WEBGPU_ARGS} from './webgpu.ts';

/** The engines in a worker of a page under the strict policy, built as the package is. */
export interface EnginePage {
  readonly chromium: Chromium;
  /** Runs a network in a fresh worker. */
  run(task: EngineTask): Promise<EngineAnswer>;
  close(): Promise<void>;
}

/**
 * Builds the worker of the tests and opens a page that may start it.
 * @param headers of everything it loads; the strict policy where absent.
 */
export async function openEnginePage(headers = securityHeaders): Promise<EnginePage> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-engines-'));
  await build({
    configFile: repositoryPath('vite.config.ts'),
    mode: 'package',
    logLevel: 'warn',
    build: {
      outDir: folder,
      copyPublicDir: false,
      sourcemap: false,
      rolldownOptions: {input: [repositoryPath('test/support/engine-worker.ts')]},
    },
  });
  await writeFile(join(folder, 'index.html'), '<!doctype html><html lang="en"><title>Engines</title></html>');
  const server = await startStaticServer(folder, {headers});
  const chromium = await launchChromium({extraArgs: WEBGPU_ARGS});
  await chromium.page.goto(server.url);
  return {
    chromium,
    run: (task) => runInPage(chromium, task),
    close: async () => {
      await chromium.close();
      await server.close();
      await rm(folder, {recursive: true});
    },
  };
}

type Plain =
  | {
      readonly outputs: readonly (readonly number[])[];
      readonly engine: string;
      readonly threadCount: number;
    }
  | {readonly error: string};

async function runInPage({page}: Chromium, task: EngineTask): Promise<EngineAnswer> {
  const {network, engine, numerics = 'float32', threadCount = 1, inputs} = task;
  const message = {
    network: {...network, file: undefined},
    file: 'file' in network ? Buffer.from(network.file).toString('base64') : undefined,
    engine,
    numerics,
    threadCount,
    inputs: inputs.map((values) => Array.from(values)),
  };
  const reply: Plain = await page.evaluate(async ({network, file, inputs, ...how}) => {
    const worker = new Worker('/engine-worker.js', {type: 'module'});
    const bytes = file === undefined ? undefined : Uint8Array.from(atob(file), (c) => c.charCodeAt(0));
    const answer = await new Promise<EngineAnswer>((resolve) => {
      worker.onmessage = ({data}: MessageEvent<EngineAnswer>) => resolve(data);
      worker.onerror = ({message}) => resolve({error: message});
      worker.postMessage({
        network: {...network, file: bytes},
        ...how,
        inputs: inputs.map((values) => (how.numerics === 'float32' ? Float32Array : Int8Array).from(values)),
      });
    });
    worker.terminate();
    if ('error' in answer) return answer;
    return {...answer, outputs: answer.outputs.map((values) => Array.from(values))};
  }, message);
  if ('error' in reply) return reply;
  return {...reply, outputs: reply.outputs.map((values) => Float32Array.from(values))} as EngineAnswer;
}
