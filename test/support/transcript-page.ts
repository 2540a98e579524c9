import type {LiveTranscript} from '../../src/elements.ts';
import type * as Earshot from '../../src/index.ts';
import type {ChromiumOptions} from './chromium.ts';
import {startElementPage, usePage, type ElementPage, type SharedPage} from './element-page.ts';
import type {PlainState} from './listener-page.ts';

/** What a page can make a stand-in for a transcriber do, and what it was asked to do. */
export interface FakeTranscriber extends EventTarget {
  state: Earshot.SessionState;
  info: Pick<Earshot.LoadedTranscriber, 'weights'>;
  readonly calls: string[];
  /** Tells the page this, as a transcriber would. */
  tell(name: keyof Earshot.TranscriptEventMap, init: object): void;
  enter(state: Earshot.SessionState): void;
  /** What ends the reading of a file: with an error, or well. */
  finishReading: (error?: Error) => void;
}

declare global {
  var transcript: LiveTranscript;
  var fakeTranscriber: FakeTranscriber;
}

/** A page with one `<live-transcript>`. */
export interface TranscriptPage extends ElementPage {
  /** Opens the page anew; `globalThis.transcript` is the element. */
  open(attributes?: string): Promise<void>;
  /** As `open`, with a stand-in for its transcriber as `globalThis.fakeTranscriber`. */
  openWithFake(attributes?: string): Promise<void>;
  /** Brings the stand-in, and by it the element, into a state. */
  enter(state: PlainState): Promise<void>;
  /** Lets the stand-in tell what seems to be said; the first words stand. */
  seem(stableText: string, rest: string): Promise<void>;
  /** Lets the stand-in tell an utterance of these words; those that end in a question mark are unsure. */
  hear(text: string, startTime?: number): Promise<void>;
}

/** Starts a browser for a page that embeds the element. */
export async function startTranscriptPage(options: ChromiumOptions = {}): Promise<TranscriptPage> {
  const site = await startElementPage('live-transcript', options);
  const {page} = site;
  const open = async (attributes?: string): Promise<void> => {
    await site.open(attributes);
    await page.evaluate(() => {
      globalThis.transcript = document.querySelector('live-transcript')!;
    });
  };
  return {
    ...site,
    open,
    openWithFake: async (attributes) => {
      await open(attributes);
      await site.loadPackage();
      await page.evaluate(useFakeTranscriber);
    },
    enter: (state) => page.evaluate(enterState, state),
    seem: (stableText, rest) => page.evaluate(tellPartial, [stableText, rest] as const),
    hear: (text, startTime = 0) => page.evaluate(tellFinal, [text, startTime] as const),
  };
}

/** One page for all tests of a file. Call once, at the top of the file. */
export function useTranscriptPage(): SharedPage<TranscriptPage> {
  return usePage(startTranscriptPage);
}

/** Runs in the page: a transcriber that only does what the test says, given to the element by its public property. */
async function useFakeTranscriber(): Promise<void> {
  /** An event as the element's controller can copy it: it is its own init. */
  const createEvent = (name: string, init: object): Event => {
    class Told extends Event {
      constructor(own: object) {
        super(name, {bubbles: true, composed: true});
        const entries = Object.entries(own).filter(([key]) => key !== 'isTrusted'); // an event's own, read-only
        Object.assign(this, Object.fromEntries(entries));
      }
    }
    return new Told(init);
  };
  class Fake extends EventTarget implements FakeTranscriber {
    state: Earshot.SessionState = {name: 'idle'};
    info = {weights: {sha256: '00', verified: true, what: 'the file built into Earshot'}};
    readonly calls: string[] = [];
    finishReading: (error?: Error) => void = () => {};
    tell(name: string, init: object): void {
      this.dispatchEvent(createEvent(name, init));
    }
    enter(state: Earshot.SessionState): void {
      this.state = state;
      this.tell('transcript-state', {state});
    }
    async start(): Promise<void> {
      this.calls.push('start');
      this.enter({name: 'starting'});
      this.enter({name: 'listening', microphone: 'live'});
    }
    async stop(): Promise<void> {
      this.calls.push('stop');
      this.finishReading(new DOMException('it was stopped', 'AbortError'));
      this.enter({name: 'ready'});
    }
    async transcribe(file: Blob): Promise<readonly Earshot.TranscriptUtterance[]> {
      this.calls.push(`transcribe ${file.size}`);
      this.enter({name: 'transcribing'});
      try {
        await new Promise<void>((resolve, reject) => {
          this.finishReading = (error) => {
            if (error) reject(error);
            else resolve();
          };
        });
      } finally {
        this.enter({name: 'ready'});
      }
      return [];
    }
    dispose(): void {
      this.calls.push('dispose');
    }
  }
  const fake = new Fake();
  globalThis.fakeTranscriber = fake;
  globalThis.transcript.transcriber = fake as unknown as Earshot.Transcriber;
  await globalThis.transcript.updateComplete;
}

/** Runs in the page. */
async function enterState(wanted: PlainState): Promise<void> {
  const {SpeechError} = globalThis.earshot;
  const state: Earshot.SessionState =
    wanted.name === 'failed'
      ? {name: 'failed', error: new SpeechError(wanted.code, 'got this, expected that')}
      : wanted;
  globalThis.fakeTranscriber.enter(state);
  await globalThis.transcript.updateComplete;
}

/** Runs in the page. */
async function tellPartial([stableText, rest]: readonly [string, string]): Promise<void> {
  globalThis.fakeTranscriber.tell('transcript-partial', {text: stableText + rest, stableText, startTime: 0});
  await globalThis.transcript.updateComplete;
}

/** Runs in the page. */
async function tellFinal([said, startTime]: readonly [string, number]): Promise<void> {
  const words = said.split(' ').map((word, index) => ({
    text: word.replace('?', ''),
    confidence: word.endsWith('?') ? 0.31 : 0.94,
    startTime: startTime + index * 300,
    endTime: startTime + index * 300 + 250,
  }));
  globalThis.fakeTranscriber.tell('transcript-final', {
    text: words.map(({text}) => text).join(' '),
    words,
    confidence: 0.8,
    startTime,
    endTime: words.at(-1)!.endTime,
  });
  await globalThis.transcript.updateComplete;
}
