import type {Page} from 'playwright-core';
import {securityHeaders} from '../../scripts/content-security-policy.mjs';
import type * as Earshot from '../../src/index.ts';
import {launchChromium, type Chromium, type ChromiumOptions} from './chromium.ts';
import {spyOnCapture} from './spy-on-capture.ts';
import {startStaticServer, type StaticServer} from './static-server.ts';

declare global {
  // what the page under test keeps between two calls of the test
  var earshot: typeof Earshot;
  var spotter: Earshot.KeywordSpotter;
  var hits: Earshot.KeywordDetection[];
  var stats: Earshot.ListeningStats[];
}

/** A bare page of a site that embeds the built package, and the browser and server around it. */
export interface SpotterPage {
  readonly chromium: Chromium;
  readonly server: StaticServer;
  close(): Promise<void>;
}

/** How the page is to be opened. */
export interface SpotterPageOptions extends ChromiumOptions {
  /** Headers of the page and of everything it loads; the strict policy where absent. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Run before the page is opened. */
  readonly prepare?: (page: Chromium['page']) => Promise<void>;
}

/** Gives a page `globalThis.earshot`; a page that is loaded again has none. */
export async function importEarshot(page: Page, {url}: Pick<StaticServer, 'url'>): Promise<void> {
  await page.evaluate(
    // a string, because the test runner would rewrite an import() inside a function
    `import(${JSON.stringify(`${url}index.js`)}).then((earshot) => { globalThis.earshot = earshot; })`,
  );
}

/**
 * Opens a page under the strict policy that has imported `dist/package/index.js` as `globalThis.earshot`.
 * The page itself is made up; everything it loads is the built package below a sub-path.
 */
export async function openSpotterPage({
  headers = securityHeaders,
  prepare,
  ...options
}: SpotterPageOptions = {}): Promise<SpotterPage> {
  const server = await startStaticServer('dist/package', {basePath: '/vendor/earshot/', headers});
  const chromium = await launchChromium(options);
  const pageUrl = new URL('/some/page.html', server.url).href;
  await chromium.context.route(pageUrl, (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers,
      body: '<!doctype html><html lang="en"><title>A page that listens</title></html>',
    }),
  );
  await spyOnCapture(chromium.context);
  await prepare?.(chromium.page);
  await chromium.page.goto(pageUrl);
  await importEarshot(chromium.page, server);
  return {
    chromium,
    server,
    close: async () => {
      await chromium.close();
      await server.close();
    },
  };
}

/** Which network the page is to load. */
export interface SpotterChoice {
  readonly systemId?: string;
  /** Bytes of a weights file that the visitor gives; the built-in ones where absent. */
  readonly weights?: Uint8Array;
  readonly threshold?: number;
  /** The system's own where absent. */
  readonly engine?: Earshot.KeywordSpotterOptions['engine'];
}

/** Loads a spotter as `globalThis.spotter`; its detections and counters gather in `hits` and `stats`. */
export async function loadSpotter(
  {page}: Chromium,
  {systemId = 'earshot-kws', weights, threshold, engine}: SpotterChoice = {},
): Promise<void> {
  const setup = {
    systemId,
    weights: weights && Buffer.from(weights).toString('base64'),
    threshold,
    engine,
  };
  await page.evaluate(async ({systemId, weights, threshold, engine}) => {
    const file = weights === undefined ? undefined : Uint8Array.from(atob(weights), (c) => c.charCodeAt(0));
    globalThis.hits = [];
    globalThis.stats = [];
    globalThis.spotter = await globalThis.earshot.KeywordSpotter.load(systemId, {
      ...(file && {weights: new Blob([file])}),
      ...(threshold !== undefined && {threshold}),
      ...(engine !== undefined && {engine}),
    });
    globalThis.spotter.addEventListener('kws-detect', (hit) => globalThis.hits.push(hit));
    globalThis.spotter.addEventListener('kws-stats', (event) => globalThis.stats.push(event.stats));
  }, setup);
}

/** What was heard so far: plain copies, events do not leave the page. */
export async function heardSoFar({page}: Chromium): Promise<Earshot.KeywordDetection[]> {
  return page.evaluate(() =>
    globalThis.hits.map(({keyword, score, threshold, startTime, endTime, engine, latencyMs}) => ({
      keyword,
      score,
      threshold,
      startTime,
      endTime,
      engine,
      latencyMs,
    })),
  );
}

/** Starts the microphone, listens for so long, and stops. */
export async function listenFor({page}: Chromium, durationMs: number): Promise<void> {
  await page.evaluate(async (ms) => {
    await globalThis.spotter.start();
    await new Promise((resolve) => setTimeout(resolve, ms));
    await globalThis.spotter.stop();
  }, durationMs);
}
