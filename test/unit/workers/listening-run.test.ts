import {afterEach, expect, it, vi} from 'vitest';
import {KeywordClassifier} from '../../../src/pipeline/keyword-classifier.ts';
import {KeywordPipeline} from '../../../src/pipeline/keyword-pipeline.ts';
import {POOL_BUFFER_SAMPLES, type AudioChunk} from '../../../src/protocol/audio-messages.ts';
import type {ErrorFact, ListeningFact} from '../../../src/protocol/messages.ts';
import {ListeningRun} from '../../../workers/listening-run.ts';
import {fakeKeywordSystem, fakeModel} from '../../support/fake-keyword-system.ts';

const channels: MessageChannel[] = [];
const runs: ListeningRun[] = [];
const facts: (ListeningFact | ErrorFact)[] = [];

afterEach(() => {
  for (const run of runs.splice(0)) void run.stop();
  for (const {port1} of channels.splice(0)) port1.close();
  facts.length = 0;
});

/** A run that is sent a second and a half of silence. */
function listen(classifier: KeywordClassifier, previous?: ListeningRun): ListeningRun {
  const channel = new MessageChannel();
  channels.push(channel);
  const observer = {
    onKeyword: () => undefined,
    onPosteriors: (posteriors: Float32Array, endSample: number) =>
      facts.push({kind: 'posteriors', posteriors, endSample}),
  };
  const clock = () => performance.now();
  const pipeline = new KeywordPipeline(classifier, observer, {inputRateHz: 16_000, clock});
  const run = new ListeningRun(pipeline, channel.port2, (fact) => facts.push(fact), previous);
  runs.push(run);
  for (let firstSample = 0; firstSample < 24_000; firstSample += POOL_BUFFER_SAMPLES) {
    const buffer = new Float32Array(2 * POOL_BUFFER_SAMPLES);
    const chunk: AudioChunk = {
      kind: 'audio',
      buffer,
      sampleCount: POOL_BUFFER_SAMPLES,
      channelCount: 1,
      firstSample,
    };
    channel.port1.postMessage(chunk, [buffer.buffer]);
  }
  return run;
}

const count = (kind: string): number => facts.filter((fact) => fact.kind === kind).length;

it('waits for the inference that a stopped run left under way: one at a time', async () => {
  let running = 0;
  let most = 0;
  let calls = 0;
  let release: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (release = resolve));
  const classifier = new KeywordClassifier(
    fakeKeywordSystem,
    fakeModel(async () => {
      most = Math.max(most, ++running);
      if (calls++ === 0) await slow;
      running--;
      return new Float32Array([1, 0, 0, 0]);
    }),
  );
  const first = listen(classifier);
  await vi.waitUntil(() => running === 1);
  void first.stop();
  const levels = count('level');
  listen(classifier, first);
  await vi.waitUntil(() => count('level') >= levels + 24); // a second and a half has come
  expect(most).toBe(1);
  expect(count('posteriors')).toBe(0);
  release();
  await vi.waitUntil(() => count('posteriors') > 0);
  expect(most).toBe(1);
  expect(count('error')).toBe(0);
});
