import type {KwsListener} from '../../src/elements.ts';
import type * as Earshot from '../../src/index.ts';
import type {ChromiumOptions} from './chromium.ts';
import {startElementPage, usePage, type ElementPage, type SharedPage} from './element-page.ts';

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
}

/** A session's state as it crosses to the page: a failure as its code. */
export type PlainState =
  | Exclude<Earshot.SessionState, {name: 'failed'}>
  | {readonly name: 'failed'; readonly code: Earshot.SpeechErrorCode};

/** A page with one `<kws-listener>`. */
export interface ListenerPage extends ElementPage {
  /** Opens the page anew; `globalThis.listener` is the element. */
  open(attributes?: string): Promise<void>;
  /** As `open`, with a stand-in for its spotter as `globalThis.fake`. */
  openWithFake(attributes?: string): Promise<void>;
  /** Brings the stand-in, and by it the element, into a state. */
  enter(state: PlainState): Promise<void>;
  /** Lets the stand-in hear keywords, one after the other. */
  hear(...keywords: string[]): Promise<void>;
}

/** Starts a browser for a page that embeds the element. */
export async function startListenerPage(options: ChromiumOptions = {}): Promise<ListenerPage> {
  const site = await startElementPage('kws-listener', options);
  const {page} = site;
  const open = async (attributes?: string): Promise<void> => {
    await site.open(attributes);
    await page.evaluate(() => {
      globalThis.listener = document.querySelector('kws-listener')!;
    });
  };
  return {
    ...site,
    open,
    openWithFake: async (attributes) => {
      await open(attributes);
      await site.loadPackage();
      await page.evaluate(useFakeSpotter);
    },
    enter: (state) => page.evaluate(enterState, state),
    hear: (...keywords) => page.evaluate(hearKeywords, keywords),
  };
}

/** One listener page for all tests of a file. Call once, at the top of the file. */
export function useListenerPage(): SharedPage<ListenerPage> {
  return usePage(startListenerPage);
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
