import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {DownloadQuestion} from '../../../src/protocol/download-question.ts';
import {KeywordSpotter} from '../../../src/session/keyword-spotter.ts';
import type {ModelSourceOptions} from '../../../src/session/model-sources.ts';
import {Transcriber} from '../../../src/session/transcriber.ts';
import {FakeWorker, installFakePage, tasks, type FakePage} from '../../support/fake-page.ts';

const QUESTION: DownloadQuestion = {
  files: [{name: 'kws_micronet_l.tflite', bytes: 658_832}],
  totalBytes: 658_832,
  reason: 'size',
};

let page: FakePage;
beforeEach(() => {
  page = installFakePage();
  FakeWorker.answers['question-before'] = () => QUESTION;
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const asked = () => page.workers.flatMap(({sent}) => sent.map(({kind}) => kind));
const saveData = () => {
  const {mediaDevices} = navigator;
  vi.stubGlobal('navigator', {mediaDevices, connection: {saveData: true}});
};
const load = (options: ModelSourceOptions) => new KeywordSpotter('micronet-large', options).load();

describe('loading', () => {
  it('asks nothing where neither page nor visitor sets a limit', async () => {
    await load({onAsk: () => false});
    expect(asked()).toEqual(['load']);
  });

  it('goes on where the answer is yes', async () => {
    const onAsk = vi.fn(async () => true);
    await load({askAbove: 0.5, onAsk});
    expect(onAsk).toHaveBeenCalledWith(QUESTION);
    expect(page.workers[0]?.sent[0]).toMatchObject({
      payload: {modelIds: ['micronet-large'], askAbove: 0.5, savesData: false},
    });
    expect(asked()).toEqual(['question-before', 'load']);
  });

  it('asks for a visitor who saves data', async () => {
    saveData();
    await load({onAsk: () => true});
    expect(page.workers[0]?.sent[0]).toMatchObject({payload: {savesData: true}});
  });

  it('is as if it had never begun where the answer is no', async () => {
    const spotter = new KeywordSpotter('micronet-large', {askAbove: 0.5, onAsk: () => false});
    const errors = vi.fn();
    spotter.addEventListener('kws-error', errors);
    await expect(spotter.load()).rejects.toMatchObject({name: 'AbortError'});
    expect(spotter.state.name).toBe('idle');
    await expect(spotter.start()).rejects.toMatchObject({name: 'AbortError'});
    expect(spotter.state.name).toBe('idle');
    expect(errors).not.toHaveBeenCalled();
    expect(asked()).not.toContain('load');
  });

  it('is an error where there is nobody to ask', async () => {
    const refused = load({askAbove: 0.5});
    await expect(refused).rejects.toMatchObject({name: 'SpeechError', code: 'aborted'});
    await expect(refused).rejects.toThrow(
      'got 0.7 MB to download (kws_micronet_l.tflite), expected onAsk to allow it',
    );
  });

  it('may be called off while the question is open', async () => {
    const spotter = new KeywordSpotter('micronet-large', {
      askAbove: 0.5,
      onAsk: () => new Promise(() => undefined),
    });
    const loading = spotter.load();
    loading.catch(() => undefined);
    await tasks(3);
    await spotter.stop();
    await expect(loading).rejects.toMatchObject({name: 'AbortError'});
    expect(spotter.state.name).toBe('idle');
  });
});

describe('a transcriber', () => {
  it('asks for its language model too, and not for what the page gives itself', async () => {
    FakeWorker.answers['question-before'] = () => null;
    const own = {weights: new Blob(['own'])};
    await new Transcriber('wav2letter', {languageModel: 'built-in', askAbove: 1}).load();
    await new Transcriber('wav2letter', {...own, languageModel: 'built-in', askAbove: 1}).load();
    await new Transcriber('wav2letter', {...own, askAbove: 1}).load();
    const questions = page.workers.map(({sent}) => sent.find(({kind}) => kind === 'question-before'));
    expect(questions[0]).toMatchObject({payload: {modelIds: ['wav2letter', 'earshot-lm']}});
    expect(questions[1]).toMatchObject({payload: {modelIds: ['earshot-lm']}});
    expect(questions[2]).toBeUndefined();
  });
});
