import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {TranscriptUtterance} from '../../../src/transcript/transcript.ts';
import type {FinalFact} from '../../../src/protocol/transcription-messages.ts';
import {Transcriber} from '../../../src/session/transcriber.ts';
import {FakeWorker, installFakePage, NO_STATS, tasks, type FakePage} from '../../support/fake-page.ts';

const SYSTEM = 'wav2letter';

let page: FakePage;

beforeEach(() => {
  page = installFakePage();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const worker = (): FakeWorker => {
  const newest = page.workers.at(-1);
  if (!newest) throw new Error('no worker was started');
  return newest;
};

function said(text: string): FinalFact {
  const word = {text, startSample: 1600, endSample: 3200, confidence: 0.9};
  return {kind: 'final', text, words: [word], confidence: 0.9, startSample: 1600, endSample: 16_000};
}

const recording = new Blob(['a recording']);

/** A promise and the function that resolves it. */
function gate(): {readonly opened: Promise<void>; readonly open: () => void} {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return {opened, open};
}

describe('loading', () => {
  it('ends with stop, and may begin anew', async () => {
    FakeWorker.answers['load-transcriber'] = () => new Promise(() => undefined);
    const transcriber = new Transcriber(SYSTEM);
    const stopped = expect(transcriber.load()).rejects.toMatchObject({name: 'AbortError'});
    await tasks(3);
    await transcriber.stop();
    await stopped;
    expect(transcriber.state.name).toBe('idle');
    expect(worker().isTerminated).toBe(true);
    delete FakeWorker.answers['load-transcriber'];
    await transcriber.load();
    expect(transcriber.state.name).toBe('ready');
  });
});

describe('the speed that is to be expected', () => {
  it('is told by a worker that ends with it', async () => {
    expect(await Transcriber.estimateRealTimeFactor(SYSTEM)).toBe(0.5);
    expect(worker().isTerminated).toBe(true);
    expect(page.contexts).toEqual([]); // nothing that listening needs
  });

  it('rejects at once when called off, or when the worker breaks down; the worker ends with both', async () => {
    FakeWorker.answers['estimate-speed'] = () => new Promise(() => undefined);
    const calledOff = new AbortController();
    const {signal} = calledOff;
    const first = expect(Transcriber.estimateRealTimeFactor(SYSTEM, {signal})).rejects.toThrow('enough');
    calledOff.abort(new Error('enough'));
    await first;
    expect(worker().isTerminated).toBe(true);
    const second = expect(Transcriber.estimateRealTimeFactor(SYSTEM)).rejects.toMatchObject({
      code: 'internal',
    });
    worker().onerror?.({message: 'broken', preventDefault: () => undefined});
    await second;
    expect(worker().isTerminated).toBe(true);
  });

  it('is asked of no worker where the system or the threads cannot be', async () => {
    await expect(Transcriber.estimateRealTimeFactor('nobody')).rejects.toThrow('got transcriber "nobody"');
    await expect(Transcriber.estimateRealTimeFactor(SYSTEM, {threadCount: 0})).rejects.toThrow(RangeError);
    await expect(
      Transcriber.estimateRealTimeFactor(SYSTEM, {signal: AbortSignal.abort(new Error('enough'))}),
    ).rejects.toThrow('enough');
    expect(page.workers).toEqual([]);
  });
});

describe('a recording', () => {
  it('is told utterance by utterance, in milliseconds, and all in the end', async () => {
    const transcriber = await Transcriber.load(SYSTEM);
    const told: TranscriptUtterance[] = [];
    transcriber.addEventListener('transcript-final', (event) => told.push(event));
    FakeWorker.answers['transcribe-file'] = () => {
      worker().say(said('one'));
      worker().say(said('two'));
      return NO_STATS;
    };
    const states: string[] = [];
    transcriber.addEventListener('transcript-state', ({state}) => states.push(state.name));
    const utterances = await transcriber.transcribe(recording);
    expect(utterances.map(({text}) => text)).toEqual(['one', 'two']);
    expect(told).toEqual(utterances);
    expect(utterances[0]).toMatchObject({
      startTime: 100,
      endTime: 1000,
      words: [{startTime: 100, endTime: 200}],
    });
    expect(states).toEqual(['transcribing', 'ready']);
  });

  it('rejects at once when cancelled; what is still told of it is in no other', async () => {
    const transcriber = await Transcriber.load(SYSTEM);
    const {opened, open} = gate();
    FakeWorker.answers['transcribe-file'] = () => opened.then(() => NO_STATS);
    const controller = new AbortController();
    const first = transcriber.transcribe(recording, {signal: controller.signal});
    await tasks(3);
    controller.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    expect(transcriber.state.name).toBe('ready');
    FakeWorker.answers.stop = async () => {
      await opened; // the inference under way
      worker().say(said('late'));
      return NO_STATS;
    };
    FakeWorker.answers['transcribe-file'] = () => {
      worker().say(said('second'));
      return NO_STATS;
    };
    const second = transcriber.transcribe(recording);
    await tasks(5);
    await expect(transcriber.transcribe(recording)).rejects.toMatchObject({name: 'InvalidStateError'});
    await expect(transcriber.start()).rejects.toMatchObject({name: 'InvalidStateError'});
    open();
    expect((await second).map(({text}) => text)).toEqual(['second']);
  });

  it('ends with stop, and with dispose', async () => {
    const transcriber = await Transcriber.load(SYSTEM);
    FakeWorker.answers['transcribe-file'] = () => new Promise(() => undefined);
    const stopped = expect(transcriber.transcribe(recording)).rejects.toMatchObject({name: 'AbortError'});
    await tasks(3);
    await transcriber.stop();
    await stopped;
    const disposed = expect(transcriber.transcribe(recording)).rejects.toMatchObject({name: 'AbortError'});
    await tasks(5);
    transcriber.dispose();
    await disposed;
    expect(transcriber.state.name).toBe('disposed');
  });

  it('is not read while the microphone is on, nor two at a time', async () => {
    const transcriber = await Transcriber.load(SYSTEM);
    await transcriber.start();
    await expect(transcriber.transcribe(recording)).rejects.toMatchObject({name: 'InvalidStateError'});
    await transcriber.stop();
    FakeWorker.answers['transcribe-file'] = () => new Promise(() => undefined);
    const reading = expect(transcriber.transcribe(recording)).rejects.toMatchObject({name: 'AbortError'});
    await tasks(3);
    await expect(transcriber.transcribe(recording)).rejects.toMatchObject({name: 'InvalidStateError'});
    await expect(transcriber.start()).rejects.toMatchObject({name: 'InvalidStateError'});
    transcriber.dispose();
    await reading;
  });
});

describe('a run', () => {
  it('tells what was said last while it stops, and the loop gets it', async () => {
    const transcriber = await Transcriber.load(SYSTEM);
    FakeWorker.answers.stop = () => {
      worker().say(said('last'));
      return NO_STATS;
    };
    const heard: string[] = [];
    const loop = (async () => {
      for await (const {text} of transcriber.listen()) heard.push(text);
    })();
    await vi.waitUntil(() => transcriber.state.name === 'listening');
    worker().say(said('first'));
    await transcriber.stop();
    await loop;
    expect(heard).toEqual(['first', 'last']);
  });

  it('tells partials with the part that stands', async () => {
    const transcriber = await Transcriber.load(SYSTEM);
    const partials: object[] = [];
    transcriber.addEventListener('transcript-partial', ({text, stableText, startTime}) =>
      partials.push({text, stableText, startTime}),
    );
    await transcriber.start();
    worker().say({kind: 'partial', text: 'hello wor', stableLength: 5, startSample: 800});
    expect(partials).toEqual([{text: 'hello wor', stableText: 'hello', startTime: 50}]);
    transcriber.dispose();
  });
});

describe('options', () => {
  it.each([
    [{beamWidth: 0}, 'beamWidth 0'],
    [{beamWidth: 1.5}, 'beamWidth 1.5'],
    [{trailingSilenceMs: 10}, 'trailingSilenceMs 10'],
    [{maxUtteranceMs: NaN}, 'maxUtteranceMs NaN'],
    [{hotWords: Array.from({length: 1001}, () => 'a')}, '1001 hot words'],
  ])('%o are refused', (options, words) => {
    expect(() => new Transcriber(SYSTEM, options)).toThrow(words);
  });

  it('ask for no longer utterances than the system runs', () => {
    const refused = (): Transcriber => new Transcriber('wav2vec2-base', {maxUtteranceMs: 36_001});
    expect(refused).toThrow(new RangeError('got maxUtteranceMs 36001, expected 2000…36000'));
    expect(() => new Transcriber('wav2vec2-base', {maxUtteranceMs: 36_000})).not.toThrow();
  });

  it('name a transcriber that there is', () => {
    expect(() => new Transcriber('earshot-kws')).toThrow('got transcriber "earshot-kws", expected one of:');
  });
});
