import {mkdir, mkdtemp, readdir, rename, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {Page} from 'playwright-core';
import {expect} from 'vitest';
import {launchChromium, type Chromium, type ChromiumOptions} from './chromium.ts';
import {repositoryPath} from './repository.ts';
import {startStaticServer, type StaticServer, type StaticServerOptions} from './static-server.ts';

/** A site on a server that can be stopped, and a browser in which it may install its service worker. */
export interface OfflineSite {
  readonly chromium: Chromium;
  readonly url: string;
  /** Path and query of every request since the server was started last. */
  requests(): readonly string[];
  /** Puts another folder in the place of the one that is served. */
  deploy(folder: string): Promise<void>;
  stopServer(): Promise<void>;
  /** At the same address. */
  startServer(): Promise<void>;
  /** Opens the site in a new tab. */
  open(hash?: string): Promise<Page>;
  close(): Promise<void>;
}

/** What the site is, and how the browser is started. */
export interface OfflineSiteOptions
  extends ChromiumOptions, Pick<StaticServerOptions, 'basePath' | 'headers'> {
  /** Folder that is served, relative to the repository. Default: the built demo. */
  readonly folder?: string;
}

/** Serves a folder below `/some/where/`, or another path. */
export async function startOfflineSite(options: OfflineSiteOptions = {}): Promise<OfflineSite> {
  const place = await mkdtemp(join(tmpdir(), 'earshot-site-'));
  const current = join(place, 'current');
  const deploy = async (folder: string): Promise<void> => {
    await symlink(repositoryPath(folder), `${current}.new`);
    await rename(`${current}.new`, current);
  };
  await deploy(options.folder ?? 'dist/demo');
  const {basePath = '/some/where/', headers} = options;
  const start = (port: number): Promise<StaticServer> =>
    startStaticServer(current, {basePath, port, ...(headers && {headers})});
  let server = await start(0);
  const {url} = server;
  const chromium = await launchChromium({...options, serviceWorker: true});
  return {
    chromium,
    url,
    requests: () => server.requests,
    deploy,
    stopServer: () => server.close(),
    startServer: async () => {
      server = await start(Number(new URL(url).port));
    },
    open: async (hash = '') => {
      const page = await chromium.context.newPage();
      await page.goto(`${url}${hash}`);
      return page;
    },
    close: async () => {
      await chromium.close();
      await server.close();
      await rm(place, {recursive: true});
    },
  };
}

/**
 * The built demo as a site has it that has put models of others beside those that are built in.
 * @param models paths below the folder of models → files.
 * @returns its folder, to be removed by the caller; nothing in it is a copy.
 */
export async function demoWithModels(models: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-demo-'));
  const link = async (path: string, target: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), {recursive: true});
    await symlink(target, join(folder, path));
  };
  const built = repositoryPath('dist/demo');
  for (const name of await readdir(built)) {
    if (name !== 'models') await link(name, join(built, name));
  }
  for (const name of await readdir(join(built, 'models'))) {
    await link(`models/${name}`, join(built, 'models', name));
  }
  for (const [path, file] of Object.entries(models)) await link(`models/${path}`, file);
  return folder;
}

/** Closes a tab, the last one, and stops the server, so that nothing is left but what the browser has kept. */
export async function goOffline(site: OfflineSite, page: Page): Promise<void> {
  await page.close();
  await site.stopServer();
  await expect(fetch(site.url)).rejects.toThrow('fetch failed');
}

/** Has the view of keywords listen until it has heard as many words as asked for; gives those, the newest first. */
export async function hearWords(page: Page, wordCount: number): Promise<readonly string[]> {
  await page.locator('#threshold').fill('0.5'); // a synthetic voice is not what the networks were trained for
  await page.locator('kws-listener button').click();
  const words = page.locator('#detections .word');
  await expect.poll(() => words.count(), {timeout: 60_000}).toBeGreaterThanOrEqual(wordCount);
  return words.allInnerTexts();
}

/** Has the view of transcription write down a recording; gives the text. */
export async function transcribe(page: Page, recording: string): Promise<string> {
  await page.locator('#recording').setInputFiles(recording);
  await expect
    .poll(() => page.locator('#recording-status').innerText(), {timeout: 60_000})
    .toMatch(/utterance/);
  return page.locator('live-transcript').evaluate((element) => (element as unknown as {text: string}).text);
}

/** Waits until a service worker is installed, with all that it keeps from the start, and controls the page. */
export async function untilInstalled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const {serviceWorker} = navigator;
    await serviceWorker.ready;
    if (serviceWorker.controller) return;
    await new Promise((resolve) => {
      serviceWorker.addEventListener('controllerchange', resolve, {once: true});
    });
  });
}

/** Paths of the files that are kept for the site, and their sizes. */
export async function listKept(page: Page): Promise<Readonly<Record<string, number>>> {
  return await page.evaluate(async () => {
    const files: Record<string, number> = {};
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const {pathname, searchParams} = new URL(request.url);
        if (!searchParams.has('sha256')) continue;
        const response = await cache.match(request);
        const path = pathname.slice(new URL('./', location.href).pathname.length);
        files[path] = (await response!.arrayBuffer()).byteLength;
      }
    }
    return files;
  });
}
