import {afterEach, describe, expect, it, vi} from 'vitest';
import type {KeptChoice} from '../../../src/engine/choice/choose-once.ts';
import {openChoiceMemory, type ChoiceStorage} from '../../../workers/choice-memory.ts';
import {fakeCaches} from '../../support/fake-caches.ts';

const choice: KeptChoice = {
  candidate: {engine: 'onnx', numerics: 'float32'},
  because: {basis: 'measured', text: 'it is the fastest.', measured: [], leftOut: [], spentMs: 400},
};

const storageWith = (caches: ChoiceStorage['caches'], device = 'Browser 1; 8 cores'): ChoiceStorage => ({
  caches,
  baseUrl: 'https://example.test/earshot/speech.worker.js',
  device,
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a choice', () => {
  it('is there the next time', async () => {
    const caches = fakeCaches();
    await openChoiceMemory(storageWith(caches), 'earshot-kws', ['0.1.0', 'digest']).keep(choice);
    const later = openChoiceMemory(storageWith(caches), 'earshot-kws', ['0.1.0', 'digest']);
    expect(await later.recall()).toEqual(choice);
  });

  it.each([
    ['another version of Earshot', 'Browser 1; 8 cores', 'earshot-kws', ['0.2.0', 'digest']],
    ['other weights', 'Browser 1; 8 cores', 'earshot-kws', ['0.1.0', 'other']],
    ['another version of the browser', 'Browser 2; 8 cores', 'earshot-kws', ['0.1.0', 'digest']],
    ['another network', 'Browser 1; 8 cores', 'micronet-large', ['0.1.0', 'digest']],
  ])('does not hold for %s', async (_what, device, network, circumstances) => {
    const caches = fakeCaches();
    await openChoiceMemory(storageWith(caches), 'earshot-kws', ['0.1.0', 'digest']).keep(choice);
    const memory = openChoiceMemory(storageWith(caches, device), network, circumstances);
    expect(await memory.recall()).toBeUndefined();
  });
});

describe('storage that', () => {
  const refusing = {open: () => Promise.reject(new DOMException('denied', 'SecurityError'))};
  const garbled = {
    open: async () => ({match: async () => new Response('{"circumst')}) as unknown as Cache,
  };
  const silent = {open: () => new Promise<never>(() => undefined)};

  it.each([
    ['is not there', undefined],
    ['is denied', refusing],
    [
      'throws at once',
      {
        open: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      },
    ],
    ['has been garbled', garbled],
    ['never answers', silent],
  ])('%s remembers nothing and breaks nothing', async (_what, caches) => {
    vi.useFakeTimers();
    const memory = openChoiceMemory(storageWith(caches), 'earshot-kws', []);
    const [kept, recalled] = [memory.keep(choice), memory.recall()];
    await vi.runAllTimersAsync();
    await expect(kept).resolves.toBeUndefined();
    await expect(recalled).resolves.toBeUndefined();
  });
});
