import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {EngineHost} from '../../../src/host/engine-host.ts';
import {SpeechError} from '../../../src/protocol/speech-error.ts';
import type {FromEngine, ToEngine, WorkerFact} from '../../../src/protocol/messages.ts';

/** A worker that records what it is sent and says what the test wants. */
class FakeWorker {
  onmessage: ((event: {data: FromEngine}) => void) | undefined;
  onmessageerror: (() => void) | undefined;
  onerror: ((event: Partial<ErrorEvent>) => void) | undefined;
  readonly sent: ToEngine[] = [];
  isTerminated = false;

  postMessage(message: ToEngine): void {
    this.sent.push(message);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  say(message: FromEngine): void {
    this.onmessage?.({data: message});
  }
}

let worker: FakeWorker;
let facts: WorkerFact[];
let host: EngineHost;
let refusal: SpeechError | undefined;
const noStats = {
  processedSamples: 0,
  droppedSamples: 0,
  overrunSamples: 0,
  inferenceCount: 0,
  realTimeFactor: 0,
  hopMs: 100,
};

beforeEach(() => {
  vi.useFakeTimers();
  worker = new FakeWorker();
  facts = [];
  refusal = undefined;
  const spawned = {
    worker: worker as unknown as Worker,
    policyError: () => refusal,
    stopWatching: () => undefined,
  };
  host = new EngineHost(spawned, (fact) => facts.push(fact));
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a request', () => {
  it('resolves with the reply of its own id', async () => {
    const first = host.request('stop', null);
    const second = host.request('configure', {threshold: 0.5});
    worker.say({kind: 'reply', request: 'configure', id: 2, payload: null});
    worker.say({kind: 'reply', request: 'stop', id: 1, payload: noStats});
    expect(await second).toBeNull();
    expect(await first).toEqual(noStats);
  });

  it("rejects with the worker's failure as a SpeechError", async () => {
    const request = host.request('configure', {});
    worker.say({kind: 'failure', id: 1, error: {code: 'model-format', message: 'got x, expected y'}});
    await expect(request).rejects.toMatchObject({name: 'SpeechError', code: 'model-format'});
  });

  it('rejects at once when aborted, tells the worker, and ignores the late reply', async () => {
    const controller = new AbortController();
    const request = host.request('configure', {}, controller.signal);
    controller.abort(new DOMException('enough', 'AbortError'));
    await expect(request).rejects.toMatchObject({name: 'AbortError', message: 'enough'});
    expect(worker.sent.at(-1)).toEqual({kind: 'cancel', id: 1});
    worker.say({kind: 'reply', request: 'configure', id: 1, payload: null});
    expect(facts).toEqual([]);
  });

  it('is not even sent with an aborted signal', async () => {
    await expect(host.request('configure', {}, AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(worker.sent).toEqual([]);
  });

  it('that cannot be sent rejects, and the worker lives on', async () => {
    worker.postMessage = () => {
      throw new DOMException('a proxy could not be cloned', 'DataCloneError');
    };
    await expect(host.request('configure', {})).rejects.toMatchObject({name: 'DataCloneError'});
    await vi.advanceTimersByTimeAsync(31_000);
    expect(worker.isTerminated).toBe(false);
  });

  it('gives up on a worker that stays silent, but not on one that reports progress', async () => {
    const request = host.request('configure', {});
    const outcome = expect(request).rejects.toMatchObject({code: 'engine-unavailable'});
    await vi.advanceTimersByTimeAsync(29_000);
    worker.say({kind: 'progress', phase: 'download', loadedBytes: 1, totalBytes: 2});
    await vi.advanceTimersByTimeAsync(29_000);
    expect(worker.isTerminated).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    await outcome;
    expect(worker.isTerminated).toBe(true);
  });
});

describe('a worker that ends', () => {
  it('rejects whatever waits, says so once, and takes no more requests', async () => {
    const waiting = [host.request('configure', {}), host.request('stop', null)];
    worker.onerror?.({message: '', preventDefault: () => undefined});
    for (const request of waiting) await expect(request).rejects.toMatchObject({code: 'engine-unavailable'});
    await expect(host.request('stop', null)).rejects.toMatchObject({code: 'engine-unavailable'});
    expect(facts).toHaveLength(1);
    expect(facts[0]).toMatchObject({kind: 'error', error: {code: 'engine-unavailable'}});
    expect(worker.isTerminated).toBe(true);
  });

  it("by the site's policy says so", async () => {
    const request = host.request('stop', null);
    refusal = new SpeechError('csp-blocked', 'got the worker refused');
    worker.onerror?.({message: '', preventDefault: () => undefined});
    await expect(request).rejects.toBe(refusal);
  });

  it('is told by an unreadable message too', () => {
    worker.onmessageerror?.();
    expect(facts[0]).toMatchObject({kind: 'error', error: {code: 'internal'}});
  });
});

describe('disposing', () => {
  it('ends the worker, rejects whatever waits, and tells nobody of an error', async () => {
    const request = host.request('stop', null);
    host.dispose();
    host.dispose();
    await expect(request).rejects.toMatchObject({code: 'aborted'});
    expect(worker.isTerminated).toBe(true);
    expect(facts).toEqual([]);
  });
});

it('passes facts on in order', () => {
  const level: FromEngine = {kind: 'level', rmsDb: -20, endSample: 160};
  worker.say(level);
  worker.say({kind: 'stats', stats: noStats});
  expect(facts.map(({kind}) => kind)).toEqual(['level', 'stats']);
});

it('refuses an unknown kind by name', () => {
  expect(() => {
    worker.say({kind: 'surprise'} as unknown as FromEngine);
  }).toThrow('"surprise"');
});
