import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {launchChromium} from './chromium.ts';
import {startListeningSite} from './listening-site.ts';

/** One file that a page has downloaded. */
export interface DownloadedFile {
  readonly path: string; // below the folder where the page keeps the package
  readonly bytes: number;
  readonly gzipBytes: number; // gzip at its default level, as a web server would send it
}

/**
 * Opens a page that holds nothing but a listening `<kws-listener>` of the built package (dist/package), and tells
 * what it has downloaded when it listens.
 * @throws Error where it does not get that far.
 */
export async function weighListeningPage(): Promise<readonly DownloadedFile[]> {
  const site = await startListeningSite();
  const {folder, microphoneWav, server} = site;
  const chromium = await launchChromium({microphoneWav, loop: true});
  try {
    await chromium.page.goto(server.url);
    await chromium.page.waitForFunction(isListening, undefined, {timeout: 30_000}).catch((error: unknown) => {
      throw new Error(`the page does not listen: ${chromium.problems.join('; ')}`, {cause: error});
    });
    const paths = new Set(server.requests.filter((path) => path.startsWith('/earshot/')));
    return await Promise.all([...paths].map((path) => weigh(folder, path)));
  } finally {
    await chromium.close();
    await site.close();
  }
}

/** Runs in the page. */
function isListening(): boolean {
  const listener = document.querySelector('kws-listener');
  const state = (listener as {state?: {name?: string}} | null)?.state;
  return state?.name === 'listening';
}

async function weigh(folder: string, path: string): Promise<DownloadedFile> {
  const content = await readFile(join(folder, path));
  return {
    path: path.replace('/earshot/', ''),
    bytes: content.length,
    gzipBytes: gzipSync(content).length,
  };
}
