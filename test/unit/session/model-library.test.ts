import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {ModelLibrary, type ModelProgress} from '../../../src/session/model-library.ts';
import {FakeWorker, installFakePage, tasks, type FakePage} from '../../support/fake-page.ts';

let page: FakePage;
beforeEach(() => {
  page = installFakePage();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** What the worker was asked, kind by kind. */
const asked = () => page.workers.flatMap(({sent}) => sent.map(({kind}) => kind));

describe('a model library', () => {
  it('asks one worker, which the first call starts, and says where models may be had', async () => {
    const library = new ModelLibrary({mirror: '/my-models'});
    expect(page.workers).toHaveLength(0);
    await library.list();
    await library.estimate();
    expect(page.workers).toHaveLength(1);
    expect(page.workers[0]?.sent[0]).toMatchObject({
      kind: 'list-models',
      payload: {
        mirror: 'https://example.test/my-models/',
        modelBase: expect.stringMatching(/models\/$/) as string,
      },
    });
    library.dispose();
    library.dispose();
    expect(page.workers[0]?.isTerminated).toBe(true);
    await expect(library.list()).rejects.toMatchObject({name: 'InvalidStateError'});
  });

  it('tells progress to whoever waits for that model', async () => {
    const library = new ModelLibrary();
    const told: Record<string, ModelProgress[]> = {a: [], b: []};
    FakeWorker.answers['get-model'] = async ({modelId}) => {
      page.workers[0]?.say({
        kind: 'progress',
        modelId,
        phase: 'download',
        loadedBytes: 5,
        totalBytes: 10,
        bytesPerSecond: 2,
      });
      await tasks(3);
      return null;
    };
    await Promise.all(
      ['a', 'b'].map((id) => library.get(id, {onProgress: (progress) => told[id]?.push(progress)})),
    );
    const progress = {phase: 'download', loaded: 5, total: 10, rate: 2};
    expect(told).toEqual({a: [progress], b: [progress]});
    library.dispose();
  });

  it('ends a download that is called off, and says so at once', async () => {
    const library = new ModelLibrary();
    FakeWorker.answers['get-model'] = () => new Promise(() => undefined);
    const calledOff = new AbortController();
    const getting = library.get('wav2letter', {signal: calledOff.signal});
    await tasks(2);
    calledOff.abort();
    await expect(getting).rejects.toMatchObject({name: 'AbortError'});
    expect(asked()).toEqual(['get-model', 'cancel']);
    library.dispose();
  });

  it('asks before a download only where the page wants it', async () => {
    const question = {files: [{name: 'a.bin', bytes: 5e6}], totalBytes: 5e6, reason: 'size' as const};
    FakeWorker.answers['question-before'] = () => question;
    const onAsk = vi.fn(() => false);
    const library = new ModelLibrary({askAbove: 1, onAsk});
    await expect(library.get('wav2letter')).rejects.toMatchObject({name: 'AbortError'});
    expect(onAsk).toHaveBeenCalledWith(question);
    expect(asked()).toEqual(['question-before']);
    onAsk.mockReturnValue(true);
    await library.get('wav2letter');
    const plain = new ModelLibrary();
    await plain.get('wav2letter');
    expect(asked()).toEqual(['question-before', 'question-before', 'get-model', 'get-model']);
    library.dispose();
    plain.dispose();
  });

  it('starts another worker where one has broken down', async () => {
    const library = new ModelLibrary();
    await library.list();
    page.workers[0]?.onerror?.({message: 'broken', preventDefault: () => undefined, filename: '', lineno: 1});
    await library.list();
    expect(page.workers).toHaveLength(2);
    library.dispose();
  });

  it('asks the browser to keep what is here, where it can', async () => {
    const library = new ModelLibrary();
    expect(await library.persist()).toBe(false);
    vi.stubGlobal('navigator', {storage: {persist: async () => true}});
    expect(await library.persist()).toBe(true);
  });

  it('refuses options that are none', () => {
    expect(() => new ModelLibrary({askAbove: -1})).toThrow(RangeError);
    expect(() => new ModelLibrary({mirror: 'https://'})).toThrow(TypeError);
  });
});
