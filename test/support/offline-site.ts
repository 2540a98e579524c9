import {mkdtemp, rename, rm, symlink} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
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
export interface OfflineSiteOptions extends ChromiumOptions, Pick<StaticServerOptions, 'basePath'> {
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
  const {basePath = '/some/where/'} = options;
  const start = (port: number): Promise<StaticServer> => startStaticServer(current, {basePath, port});
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
