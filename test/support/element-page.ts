import type {Locator, Page} from 'playwright-core';
import {afterAll, afterEach, beforeAll, beforeEach, expect} from 'vitest';
import {securityHeaders} from '../../scripts/content-security-policy.mjs';
import type {KwsListener, LiveTranscript} from '../../src/elements.ts';
import type * as Earshot from '../../src/index.ts';
import {launchChromium, type Chromium, type ChromiumOptions} from './chromium.ts';
import {startStaticServer, type StaticServer} from './static-server.ts';

declare global {
  var earshot: typeof Earshot;
}

/** Our elements by their names. */
type TagName = 'kws-listener' | 'live-transcript';

/** A plain page of somebody's site with one element of ours, and the browser and server around it. */
export interface ElementPage {
  readonly chromium: Chromium;
  readonly page: Page;
  readonly server: StaticServer;
  /** Opens the page anew, with these attributes on the element. */
  open(attributes?: string): Promise<void>;
  /** Loads the package's main entry into the page, as `globalThis.earshot`. */
  loadPackage(): Promise<void>;
  /** The element's button that listens and stops. */
  button(): Locator;
  /** What carries this part name. */
  part(name: string): Locator;
  close(): Promise<void>;
}

/**
 * Starts a browser for a page that embeds the element as its documentation says: one script tag of the built package,
 * here below a sub-path that the page does not share, under the strict policy.
 */
export async function startElementPage(
  tagName: TagName,
  options: ChromiumOptions = {},
): Promise<ElementPage> {
  const server = await startStaticServer('dist/package', {basePath: '/vendor/earshot/'});
  const chromium = await launchChromium(options);
  const {page} = chromium;
  const pageUrl = new URL('/some/page.html', server.url).href;
  let body = '';
  await chromium.context.route(pageUrl, (route) =>
    route.fulfill({contentType: 'text/html', headers: securityHeaders, body}),
  );
  return {
    chromium,
    page,
    server,
    open: async (attributes = '') => {
      body = pageWith(tagName, attributes);
      await page.goto(pageUrl);
      await page.evaluate(untilRendered, tagName);
    },
    loadPackage: () =>
      page.evaluate(
        `import(${JSON.stringify(`${server.url}index.js`)}).then((earshot) => { globalThis.earshot = earshot; })`,
      ),
    button: () => page.locator(`${tagName} [part="button"]`),
    part: (name) => page.locator(`${tagName} [part~="${name}"]`),
    close: async () => {
      await chromium.close();
      await server.close();
    },
  };
}

/** The page that the tests of a file share. */
export interface SharedPage<Site extends ElementPage> {
  /** The page; there while tests run. */
  current(): Site;
  /** Lets the running test keep the problems it has caused so far: it wanted them. */
  forgiveProblems(): void;
}

/**
 * One page for all tests of a file, in plain light before each; no test may leave an error or a violated policy behind,
 * whatever it did. Call once, at the top of the file.
 */
export function usePage<Site extends ElementPage>(start: () => Promise<Site>): SharedPage<Site> {
  let site: Site;
  let problemCount: number;
  beforeAll(async () => {
    site = await start();
  });
  beforeEach(async () => {
    await site.page.emulateMedia({
      colorScheme: 'light',
      reducedMotion: 'no-preference',
      forcedColors: 'none',
    });
    problemCount = site.chromium.problems.length;
  });
  afterEach(() => {
    expect(site.chromium.problems.slice(problemCount)).toEqual([]);
  });
  afterAll(async () => {
    await site.close();
  });
  return {
    current: () => site,
    forgiveProblems: () => {
      problemCount = site.chromium.problems.length;
    },
  };
}

function pageWith(tagName: string, attributes: string): string {
  return `<!doctype html>
    <html lang="en">
      <meta name="color-scheme" content="light dark">
      <meta name="viewport" content="width=device-width">
      <title>A page that listens</title>
      <script type="module" src="/vendor/earshot/define.js"></script>
      <main><h1>A page that listens</h1><${tagName} ${attributes}></${tagName}></main>
    </html>`;
}

/** Runs in the page. */
async function untilRendered(tagName: TagName): Promise<void> {
  await customElements.whenDefined(tagName);
  // axe-core takes a page without a background for white, in the dark too
  document.documentElement.style.background = 'Canvas';
  await document.querySelector<KwsListener | LiveTranscript>(tagName)!.updateComplete;
}
