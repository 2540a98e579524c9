import {getEventListeners} from 'node:events';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {KeywordSpotter} from '../../../src/session/keyword-spotter.ts';
import {card} from '../../../src/systems/earshot-kws/card.ts';
import type {KeywordDetection} from '../../../src/events/keyword-events.ts';
import {
  FakeStream,
  FakeTrack,
  FakeWorker,
  installFakePage,
  tasks,
  type FakePage,
} from '../../support/fake-page.ts';

let page: FakePage;

beforeEach(() => {
  page = installFakePage();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const worker = (): FakeWorker => {
  const newest = page.workers.at(-1);
  if (!newest) throw new Error('no worker was started');
  return newest;
};
const aborted = {name: 'AbortError'};

/** A promise and the function that resolves it. */
function gate(): {readonly opened: Promise<void>; readonly open: () => void} {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return {opened, open};
}

function never<Value>(): Promise<Value> {
  return new Promise(() => undefined);
}

/** Makes the worker hear a word. */
function hear(keyword: string): void {
  worker().say({
    kind: 'keyword',
    keyword,
    score: 1,
    threshold: 0.5,
    startSample: 0,
    endSample: 160,
    latencyMs: 1,
  });
}

describe('the audio thread', () => {
  it('rests after a stop that came before it ran', async () => {
    const spotter = await KeywordSpotter.load();
    const {opened, open} = gate();
    page.gesture = opened;
    const starting = expect(spotter.start()).rejects.toMatchObject(aborted);
    await tasks(5);
    await spotter.stop();
    await starting;
    open();
    await tasks(5);
    expect(page.contexts.map(({state}) => state)).toEqual(['suspended']);
  });

  it('runs again where a start follows a stop before it has come to rest', async () => {
    const spotter = await KeywordSpotter.load();
    await spotter.start();
    await tasks(5);
    await spotter.stop();
    await spotter.start();
    await tasks(5);
    expect(page.contexts.map(({state}) => state)).toEqual(['running']);
    expect(spotter.state).toEqual({name: 'listening', microphone: 'live'});
  });

  it('that waits for a gesture is told from the start', async () => {
    const spotter = await KeywordSpotter.load();
    const {opened, open} = gate();
    page.gesture = opened;
    await spotter.start();
    expect(spotter.state).toEqual({name: 'listening', microphone: 'suspended'});
    open();
    await tasks(5);
    expect(spotter.state).toEqual({name: 'listening', microphone: 'live'});
  });
});

describe('a microphone that the audio graph refuses', () => {
  it('is released', async () => {
    const spotter = await KeywordSpotter.load();
    const [context] = page.contexts;
    if (context) {
      context.createMediaStreamSource = () => {
        throw new DOMException('sample rates differ', 'NotSupportedError');
      };
    }
    await expect(spotter.start()).rejects.toMatchObject({code: 'audio-capture'});
    expect(page.tracks.map(({readyState}) => readyState)).toEqual(['ended']);
    expect(page.toAudioThread.at(-1)).not.toBe('connect');
    expect(spotter.state.name).toBe('failed');
  });
});

describe('a worklet file that never comes', () => {
  it('makes loading fail instead of waiting for ever', async () => {
    vi.useFakeTimers();
    page.workletFile = never();
    const outcome = expect(KeywordSpotter.load()).rejects.toMatchObject({code: 'engine-unavailable'});
    await vi.advanceTimersByTimeAsync(31_000);
    vi.useRealTimers();
    await outcome;
    expect(page.workers.map(({isTerminated}) => isTerminated)).toEqual([true]);
  });
});

describe("a stream of the page's own", () => {
  const streamOf = (...tracks: FakeTrack[]): MediaStream => new FakeStream(tracks) as unknown as MediaStream;

  it('is heard itself, not a copy, so that muting it mutes; it is left running', async () => {
    const spotter = await KeywordSpotter.load();
    const [ended, track] = [new FakeTrack(), new FakeTrack()];
    ended.stop();
    await spotter.start(streamOf(ended, track));
    expect(page.heardTracks).toEqual([track]);
    expect(page.heardTracks[0]).toBe(track);
    await spotter.stop();
    expect(track.readyState).toBe('live');
  });

  it('that the page stops is device-lost, though no event tells', async () => {
    const spotter = await KeywordSpotter.load();
    const codes: string[] = [];
    spotter.addEventListener('kws-error', ({code}) => codes.push(code));
    const track = new FakeTrack();
    await spotter.start(streamOf(track));
    track.stop();
    await vi.waitUntil(() => spotter.state.name === 'failed', {timeout: 3000});
    expect(codes).toEqual(['device-lost']);
  });
});

describe('a loop over detections', () => {
  it('that is refused leaves the run that it was refused for alone', async () => {
    const spotter = await KeywordSpotter.load();
    await spotter.start();
    await expect(spotter.listen().next()).rejects.toMatchObject({name: 'InvalidStateError'});
    expect(spotter.state.name).toBe('listening');
  });

  it('whose run is over hears nothing of the next run, and does not end it', async () => {
    const spotter = await KeywordSpotter.load();
    const heard: KeywordDetection[] = [];
    const {opened, open} = gate();
    const loop = (async () => {
      for await (const hit of spotter.listen()) {
        heard.push(hit);
        await opened; // the page is busy with the first word while listening stops and starts again
      }
    })();
    await vi.waitUntil(() => spotter.state.name === 'listening');
    hear('yes');
    await tasks(2);
    await spotter.stop();
    await spotter.start();
    hear('no');
    open();
    await loop;
    expect(heard.map(({keyword}) => keyword)).toEqual(['yes']);
    expect(spotter.state.name).toBe('listening');
  });
});

describe('stopping', () => {
  it.each([0, 1, 2])('%i tasks into loading lets start be called at once again', async (count) => {
    const spotter = new KeywordSpotter();
    FakeWorker.answers = {load: never};
    const first = spotter.start();
    const outcome = expect(first).rejects.toMatchObject(aborted);
    await tasks(count);
    FakeWorker.answers = {};
    await spotter.stop();
    expect(spotter.state.name).toBe('idle');
    await spotter.start();
    await outcome;
    expect(spotter.state.name).toBe('listening');
    expect(page.workers.map(({isTerminated}) => isTerminated)).toEqual([true, false]);
  });

  it('tells of a worker that dies meanwhile', async () => {
    const spotter = await KeywordSpotter.load();
    await spotter.start();
    const codes: string[] = [];
    spotter.addEventListener('kws-error', ({code}) => codes.push(code));
    const stopped = spotter.stop();
    worker().onerror?.({message: 'boom', filename: 'f', lineno: 1, preventDefault: () => undefined});
    await stopped;
    expect(spotter.state.name).toBe('failed');
    expect(codes).toEqual(['internal']);
  });
});

describe('disposing', () => {
  it.each(Array.from({length: 12}, (_, depth) => depth))(
    'leaves no worker where it comes %i microtasks after the answer to load',
    async (depth) => {
      const spotter = new KeywordSpotter();
      const loading = spotter.load().then(
        () => 'loaded',
        () => 'rejected',
      );
      while (worker().sent.length === 0) await Promise.resolve(); // a task later the answer is there
      const {onmessage} = worker();
      worker().onmessage = (event) => {
        onmessage?.(event);
        void (async () => {
          for (let task = 0; task < depth; task++) await Promise.resolve();
          spotter.dispose();
        })();
      };
      await loading;
      await tasks(3);
      expect(page.workers.map(({isTerminated}) => isTerminated)).toEqual([true]);
      expect(page.contexts.map(({state}) => state)).toEqual(['closed']);
      expect(spotter.info).toBeUndefined();
    },
  );

  it('while loading leaves no listener at the document', async () => {
    const spotter = new KeywordSpotter();
    const loading = expect(spotter.load()).rejects.toMatchObject(aborted);
    spotter.dispose();
    await loading;
    await tasks(3);
    expect(getEventListeners(page.document, 'securitypolicyviolation')).toEqual([]);
  });
});

describe('a signal of the page', () => {
  it('keeps no listener once loading or listening is over', async () => {
    const {signal} = new AbortController();
    const listeners = (): number => getEventListeners(signal, 'abort').length;
    const spotter = await KeywordSpotter.load('earshot-kws', {signal});
    expect(listeners()).toBe(0);
    await spotter.start(undefined, {signal});
    expect(listeners()).toBe(1);
    await spotter.stop();
    expect(listeners()).toBe(0);
  });
});

describe('the threshold', () => {
  it('that is set while the visitor is being asked is the one in force', async () => {
    const spotter = await KeywordSpotter.load();
    const {opened, open} = gate();
    page.permission = opened;
    const starting = spotter.start();
    await tasks(2);
    await spotter.setThreshold(0.9);
    open();
    await starting;
    const listen = worker().sent.find(({kind}) => kind === 'listen');
    expect(listen).toMatchObject({payload: {detection: {threshold: 0.9}}});
  });

  it('that a rate picks goes to the worker as a number, which the spotter tells', async () => {
    const {operatingCurve = [], defaults} = card;
    const most = operatingCurve.reduce((a, b) => (a.falseRejectRate < b.falseRejectRate ? a : b));
    const spotter = await KeywordSpotter.load();
    expect(spotter.threshold).toBe(defaults.threshold);
    await spotter.setThreshold('auto:1000/h');
    expect(spotter.threshold).toBe(most.threshold);
    expect(worker().sent.at(-1)).toMatchObject({kind: 'configure', payload: {threshold: most.threshold}});
    await expect(spotter.setThreshold('auto:0.0001/h')).rejects.toThrow(
      /at least [\d.]+\/h, the lowest rate/,
    );
    expect(spotter.threshold).toBe(most.threshold);
  });

  it('that cannot be meant is refused before anything is loaded', () => {
    const threshold = 'auto:1/h';
    expect(() => new KeywordSpotter('micronet-large', {threshold})).toThrow(
      new RangeError(
        'got threshold "auto:1/h", expected a number 0…1: the card of micronet-large has no operating curve',
      ),
    );
    expect(page.workers).toEqual([]);
  });
});

describe('a GPU lost while listening', () => {
  it('changes what the spotter tells of itself, and which engine has heard a word', async () => {
    const spotter = await KeywordSpotter.load();
    await spotter.start(new FakeStream([new FakeTrack()]) as unknown as MediaStream);
    const heard: string[] = [];
    spotter.addEventListener('kws-detect', ({engine}) => heard.push(engine));
    hear('yes');
    worker().say({kind: 'fallback', engine: 'onnx', reason: 'the GPU device was lost'});
    hear('no');
    expect(heard).toEqual(['tfjs float32', 'onnx float32']);
    expect(spotter.info).toMatchObject({engine: 'onnx', fallbackReason: 'the GPU device was lost'});
    expect(spotter.state.name).toBe('listening');
    spotter.dispose();
  });
});
