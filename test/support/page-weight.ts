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
 * @param attributes further ones of the element.
 * @throws Error where it does not get that far.
 */
export async function weighListeningPage(attributes = ''): Promise<readonly DownloadedFile[]> {
  const site = await startListeningSite(attributes);
  const {folder, microphoneWav, server} = site;
  const chromium = await launchChromium({microphoneWav, loop: true});
  try {
    await chromium.page.goto(server.url);
    await chromium.page.waitForFunction(isListening, undefined, {timeout: 30_000}).catch((error: unknown) => {
      throw new Error(`the page does not listen: ${chromium.problems.join('; ')}`, {cause: error});
    });
    return await weighRequests(join(folder, 'earshot'), '/earshot/', server.requests);
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

/**
 * Weighs what was asked for of a folder, each file once.
 * @param basePath path of the site at which the folder lies, with slashes at both ends.
 * @param requests paths of the site, of files of the folder and others.
 */
export async function weighRequests(
  folder: string,
  basePath: string,
  requests: readonly string[],
): Promise<readonly DownloadedFile[]> {
  const paths = requests
    .filter((path) => path.startsWith(basePath))
    .map((path) => path.slice(basePath.length).replace(/\?.*$/, ''));
  return await Promise.all([...new Set(paths)].map((path) => weigh(folder, path)));
}

async function weigh(folder: string, path: string): Promise<DownloadedFile> {
  const content = await readFile(join(folder, path));
  return {path, bytes: content.length, gzipBytes: gzipSync(content).length};
}
