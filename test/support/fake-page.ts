import {vi} from 'vitest';
import type {FromEngine, Request, Requests, ToEngine} from '../../src/protocol/messages.ts';

type Answers = {
  [Kind in keyof Requests]?: (payload: Requests[Kind][0]) => Requests[Kind][1] | Promise<Requests[Kind][1]>;
};

/** How the fakes behave; a test changes it as it goes. */
export interface FakePage {
  readonly workers: FakeWorker[];
  readonly contexts: FakeAudioContext[];
  /** What was said to the audio thread, kind by kind, in order. */
  readonly toAudioThread: string[];
  /** Tracks that were given out by getUserMedia. */
  readonly tracks: FakeTrack[];
  /** Tracks that became sources of an audio graph. */
  readonly heardTracks: FakeTrack[];
  readonly document: EventTarget;
  /** getUserMedia waits for it. */
  permission: Promise<void>;
  /** The worklet's file loads once this has happened. */
  workletFile: Promise<void>;
  /** The AudioContext only resumes once this has happened. */
  gesture: Promise<void>;
}

const INFO = {
  systemId: 'earshot-kws',
  labels: ['_silence_', '_unknown_', 'yes', 'no'],
  keywords: ['yes', 'no'],
  modelRateHz: 16000,
  defaultThreshold: 0.5,
  engine: 'tfjs',
  numerics: 'float32',
  threadCount: 1,
  chosenBecause: {basis: 'default', text: 'a fake', measured: [], leftOut: [], spentMs: 0},
  weights: {sha256: '', verified: true, what: 'fake'},
} as const;
export const NO_STATS = {
  processedSamples: 0,
  droppedSamples: 0,
  overrunSamples: 0,
  inferenceCount: 0,
  realTimeFactor: 0,
  hopMs: 100,
};

/** Answers every request a task later, as `answers` say; a test may make it say more. */
export class FakeWorker extends EventTarget {
  static answers: Answers = {};
  onmessage: ((event: {data: FromEngine}) => void) | undefined;
  onerror: ((event: Partial<ErrorEvent>) => void) | undefined;
  readonly sent: ToEngine[] = [];
  isTerminated = false;

  postMessage(message: ToEngine): void {
    this.sent.push(message);
    if (message.kind !== 'cancel') void this.#answer(message);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  say(message: FromEngine): void {
    if (this.isTerminated) return;
    this.dispatchEvent(new Event('message'));
    this.onmessage?.({data: message});
  }

  async #answer({kind, id, payload}: Request): Promise<void> {
    await nextTask();
    const byDefault = {
      load: INFO,
      listen: null,
      configure: null,
      stop: NO_STATS,
      'load-transcriber': {...INFO, systemId: 'earshot-ctc', languageModelWords: 0, leftOutWords: 0},
      transcribe: null,
      'lasts-longer': false,
      'transcribe-file': NO_STATS,
      'estimate-speed': {realTimeFactor: 0.5},
      'question-before': null,
      'list-models': {models: [], others: []},
      'get-model': null,
      'verify-model': null,
      'remove-model': null,
      'add-model': 'micronet-large',
      'estimate-storage': {
        kind: 'opfs',
        modelBytes: 0,
        usedBytes: undefined,
        quotaBytes: undefined,
        isPersisted: false,
      },
    }[kind];
    const answer = FakeWorker.answers[kind] as ((payload: unknown) => unknown) | undefined;
    const reply = answer ? await answer(payload) : byDefault;
    this.say({kind: 'reply', request: kind, id, payload: reply} as FromEngine);
  }
}

/** A microphone's track. */
export class FakeTrack extends EventTarget {
  readyState: MediaStreamTrackState = 'live';
  muted = false;

  stop(): void {
    this.readyState = 'ended';
  }
}

/** An AudioContext that begins suspended and takes a task to change its state. */
export class FakeAudioContext extends EventTarget {
  state: AudioContextState = 'suspended';
  readonly sampleRate = 48000;
  readonly page = current;

  constructor() {
    super();
    this.page.contexts.push(this);
  }

  get audioWorklet(): {addModule: () => Promise<void>} {
    return {addModule: () => this.page.workletFile.then(nextTask)};
  }

  async resume(): Promise<void> {
    await this.page.gesture;
    await this.#become('running');
  }

  async suspend(): Promise<void> {
    await this.#become('suspended');
  }

  async close(): Promise<void> {
    await this.#become('closed');
  }

  createMediaStreamSource(stream: FakeStream): {connect(): void; disconnect(): void} {
    this.page.heardTracks.push(...stream.getTracks());
    return {connect: () => undefined, disconnect: () => undefined};
  }

  async #become(state: AudioContextState): Promise<void> {
    await nextTask();
    if (this.state === state || this.state === 'closed') return;
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

let current: FakePage;

/** Puts fakes of all that a spotter uses of the page in place; `vi.unstubAllGlobals` takes them away. */
export function installFakePage(): FakePage {
  const fakeDocument = Object.assign(new EventTarget(), {
    visibilityState: 'visible',
    baseURI: 'https://example.test/page.html',
  });
  const page: FakePage = {
    workers: [],
    contexts: [],
    toAudioThread: [],
    tracks: [],
    heardTracks: [],
    document: fakeDocument,
    permission: Promise.resolve(),
    workletFile: Promise.resolve(),
    gesture: Promise.resolve(),
  };
  current = page;
  FakeWorker.answers = {};
  vi.stubGlobal('document', fakeDocument);
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal(
    'Worker',
    class extends FakeWorker {
      constructor() {
        super();
        page.workers.push(this);
      }
    },
  );
  vi.stubGlobal('AudioContext', FakeAudioContext);
  vi.stubGlobal(
    'AudioWorkletNode',
    class extends EventTarget {
      readonly port = {
        postMessage: ({kind}: {kind: string}) => {
          page.toAudioThread.push(kind);
        },
      };
    },
  );
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('navigator', {
    mediaDevices: {
      getUserMedia: async () => {
        await page.permission;
        const track = new FakeTrack();
        page.tracks.push(track);
        return new FakeStream([track]);
      },
    },
  });
  return page;
}

/** A stream of fake tracks. */
export class FakeStream {
  readonly #tracks: FakeTrack[];

  constructor(tracks: FakeTrack[]) {
    this.#tracks = tracks;
  }

  clone(): FakeStream {
    return new FakeStream(this.#tracks.map(() => new FakeTrack()));
  }

  getTracks(): FakeTrack[] {
    return this.#tracks;
  }

  getAudioTracks(): FakeTrack[] {
    return this.#tracks;
  }
}

/** After whatever the event loop has waiting now. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** After so many tasks. */
export async function tasks(count: number): Promise<void> {
  for (let task = 0; task < count; task++) await nextTask();
}
