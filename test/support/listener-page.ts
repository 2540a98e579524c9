import type {Locator, Page} from 'playwright-core';
import {afterAll, afterEach, beforeAll, beforeEach, expect} from 'vitest';
import {securityHeaders} from '../../scripts/content-security-policy.mjs';
import type {KwsListener} from '../../src/elements.ts';
import type * as Earshot from '../../src/index.ts';
import {launchChromium, type Chromium, type ChromiumOptions} from './chromium.ts';
import {startStaticServer, type StaticServer} from './static-server.ts';

/** What a page can make a stand-in for a spotter do, and what it was asked to do. */
export interface FakeSpotter extends EventTarget {
  state: Earshot.SessionState;
  info: Earshot.LoadedSystem | undefined;
  readonly calls: string[];
  enter(state: Earshot.SessionState): void;
}

declare global {
  var listener: KwsListener;
  var fake: FakeSpotter;
  var earshot: typeof Earshot;
}

/** A session's state as it crosses to the page: a failure as its code. */
export type PlainState =
  | Exclude<Earshot.SessionState, {name: 'failed'}>
  | {readonly name: 'failed'; readonly code: Earshot.SpeechErrorCode};

/** A plain page of somebody's site with one `<kws-listener>`, and the browser and server around it. */
export interface ListenerPage {
  readonly chromium: Chromium;
  readonly page: Page;
  readonly server: StaticServer;
  /** Opens the page anew, with these attributes on the element; `globalThis.listener` is the element. */
  open(attributes?: string): Promise<void>;
  /** As `open`, with a stand-in for its spotter as `globalThis.fake`. */
  openWithFake(attributes?: string): Promise<void>;
  /** The element's button. */
  button(): Locator;
  /** What carries this part name. */
  part(name: string): Locator;
  /** Brings the stand-in, and by it the element, into a state. */
  enter(state: PlainState): Promise<void>;
  /** Lets the stand-in hear keywords, one after the other. */
  hear(...keywords: string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a browser for a page that embeds the element as its documentation says: one script tag of the built package,
 * here below a sub-path that the page does not share, under the strict policy.
 */
export async function startListenerPage(options: ChromiumOptions = {}): Promise<ListenerPage> {
  const server = await startStaticServer('dist/package', {basePath: '/vendor/earshot/'});
  const chromium = await launchChromium(options);
  const {page} = chromium;
  const pageUrl = new URL('/some/page.html', server.url).href;
  let attributes = '';
  await chromium.context.route(pageUrl, (route) =>
    route.fulfill({contentType: 'text/html', headers: securityHeaders, body: pageWith(attributes)}),
  );
  const open = async (newAttributes = ''): Promise<void> => {
    attributes = newAttributes;
    await page.goto(pageUrl);
    await page.evaluate(async () => {
      await customElements.whenDefined('kws-listener');
      // axe-core takes a page without a background for white, in the dark too
      document.documentElement.style.background = 'Canvas';
      globalThis.listener = document.querySelector('kws-listener')!;
      await globalThis.listener.updateComplete;
    });
  };
  const openWithFake = async (newAttributes = ''): Promise<void> => {
    await open(newAttributes);
    await page.evaluate(
      `import(${JSON.stringify(`${server.url}index.js`)}).then((earshot) => { globalThis.earshot = earshot; })`,
    );
    await page.evaluate(useFakeSpotter);
  };
  const close = async (): Promise<void> => {
    await chromium.close();
    await server.close();
  };
  return {
    chromium,
    page,
    server,
    open,
    openWithFake,
    button: () => page.locator('kws-listener button'),
    part: (name) => page.locator(`kws-listener [part~="${name}"]`),
    enter: (state) => page.evaluate(enterState, state),
    hear: (...keywords) => page.evaluate(hearKeywords, keywords),
    close,
  };
}

/** The page that the tests of a file share. */
export interface SharedListenerPage {
  /** The page; there while tests run. */
  current(): ListenerPage;
  /** Lets the running test keep the problems it has caused so far: it wanted them. */
  forgiveProblems(): void;
}

/**
 * One listener page for all tests of a file, in plain light before each; no test may leave an error or a violated
 * policy behind, whatever it did. Call once, at the top of the file.
 */
export function useListenerPage(): SharedListenerPage {
  let site: ListenerPage;
  let problemCount: number;
  beforeAll(async () => {
    site = await startListenerPage();
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

function pageWith(attributes: string): string {
  return `<!doctype html>
    <html lang="en">
      <meta name="color-scheme" content="light dark">
      <title>A page that listens</title>
      <script type="module" src="/vendor/earshot/define.js"></script>
      <main><h1>A page that listens</h1><kws-listener ${attributes}></kws-listener></main>
    </html>`;
}

/** Runs in the page: a spotter that only does what the test says, given to the element by its public property. */
async function useFakeSpotter(): Promise<void> {
  class Fake extends EventTarget implements FakeSpotter {
    state: Earshot.SessionState = {name: 'idle'};
    info: Earshot.LoadedSystem | undefined = {
      systemId: 'earshot-kws',
      labels: ['_silence_', '_unknown_', 'yes', 'no', 'stop'],
      keywords: ['yes', 'no', 'stop'],
      modelRateHz: 16_000,
      defaultThreshold: 0.75,
      engine: 'tfjs',
      numerics: 'float32',
      threadCount: 1,
      chosenBecause: {basis: 'default', text: 'a fake', measured: [], leftOut: [], spentMs: 0},
      weights: {sha256: '00', verified: true, what: 'the file built into Earshot'},
    };
    readonly calls: string[] = [];
    enter(state: Earshot.SessionState): void {
      this.state = state;
      this.dispatchEvent(new globalThis.earshot.KwsStateEvent({state}));
    }
    async start(): Promise<void> {
      this.calls.push('start');
      this.enter({name: 'listening', microphone: 'live'});
    }
    async stop(): Promise<void> {
      this.calls.push('stop');
      this.enter({name: 'ready'});
    }
    async setThreshold(threshold: number | string): Promise<void> {
      this.calls.push(`threshold ${threshold}`);
    }
    dispose(): void {
      this.calls.push('dispose');
    }
  }
  const fake = new Fake();
  globalThis.fake = fake;
  globalThis.listener.spotter = fake as unknown as Earshot.KeywordSpotter;
  await globalThis.listener.updateComplete;
}

/** Runs in the page. */
async function enterState(wanted: PlainState): Promise<void> {
  const {SpeechError} = globalThis.earshot;
  const state: Earshot.SessionState =
    wanted.name === 'failed'
      ? {name: 'failed', error: new SpeechError(wanted.code, 'got this, expected that')}
      : wanted;
  globalThis.fake.enter(state);
  await globalThis.listener.updateComplete;
}

/** Runs in the page. */
async function hearKeywords(keywords: readonly string[]): Promise<void> {
  const common = {
    score: 0.93,
    threshold: 0.75,
    startTime: 500,
    endTime: 900,
    engine: 'tfjs float32',
    latencyMs: 40,
  };
  for (const keyword of keywords) {
    globalThis.fake.dispatchEvent(new globalThis.earshot.KwsDetectEvent({keyword, ...common}));
  }
  await globalThis.listener.updateComplete;
}
