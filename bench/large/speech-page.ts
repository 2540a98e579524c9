import {existsSync} from 'node:fs';
import {launchChromium} from '../../test/support/chromium.ts';
import {peakBytes} from '../../test/support/renderer-memory.ts';
import {repositoryPath} from '../../test/support/repository.ts';
import {startStaticServer} from '../../test/support/static-server.ts';
import type {SpeechWorkerChoice, SpeechWorkerResult} from './page/speech-worker.ts';

/** The built page of bench/large/page in a browser of its own, cross-origin isolated, so that threads can be had. */
export interface SpeechPage {
  /** Makes a worker with a network; milliseconds until it is ready. */
  open(name: string, choice: SpeechWorkerChoice): Promise<number>;
  transcribe(name: string, seconds: number): Promise<SpeechWorkerResult>;
  /** Bytes a second that so many workers read from memory together (bench/large/memory-sweep.ts). */
  sweep(module: Uint8Array, workerCount: number): Promise<number>;
  /** The most memory that the page's process had so far, bytes. */
  peakBytes(): Promise<number>;
  close(): Promise<void>;
}

const BUILT_PAGE = 'dist/bench/bench/large/page/index.html';
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** @throws Error where the page is not built. */
export async function openSpeechPage(): Promise<SpeechPage> {
  if (!existsSync(repositoryPath(BUILT_PAGE))) {
    throw new Error(`${BUILT_PAGE} is missing: run "npx vite build --mode bench" first`);
  }
  const server = await startStaticServer('.', {headers: ISOLATED}); // the networks lie below .cache
  const chromium = await launchChromium();
  const {page} = chromium;
  page.setDefaultTimeout(0);
  await page.goto(`${server.url}${BUILT_PAGE}`);
  return {
    open: (name, choice) =>
      page.evaluate(([name, choice]) => globalThis.openSpeech(name, choice), [name, choice] as const),
    transcribe: (name, seconds) =>
      page.evaluate(([name, seconds]) => globalThis.transcribeSpeech(name, seconds), [
        name,
        seconds,
      ] as const),
    sweep: (module, workerCount) =>
      page.evaluate(([module, workerCount]) => globalThis.sweepMemory(module, workerCount), [
        Buffer.from(module).toString('base64'),
        workerCount,
      ] as const),
    peakBytes: () => peakBytes(chromium),
    close: async () => {
      await chromium.close();
      await server.close();
    },
  };
}
