import {describe, expect, it} from 'vitest';
import type {TranscribePipelineObserver} from '../../../src/pipeline/transcribe-pipeline.ts';
import {transcribeRecording} from '../../../src/pipeline/transcribe-recording.ts';
import {transcribeUtterance} from '../../../src/pipeline/transcribe-utterance.ts';
import {
  fakeTranscriptionModel,
  fakeTranscriptionSystem,
  reachingLogits,
} from '../../support/fake-transcription-system.ts';
import {readMono} from '../../support/recordings.ts';
import {repositoryPath} from '../../support/repository.ts';
import {concatenate, silence} from '../../support/wav.ts';

const RATE = 16_000;
const word = readMono(repositoryPath('test/fixtures/speech/left.wav'));
const minute = concatenate(Array.from({length: 40}, () => concatenate([silence(800, RATE), word])));

type Final = Parameters<TranscribePipelineObserver['onFinal']>[0];

const nobody = {
  onSpeechStart: () => undefined,
  onSpeechEnd: () => undefined,
  onPartial: () => undefined,
  onFinal: () => undefined,
};
const clock = (): number => performance.now();

const transcriber = {
  system: fakeTranscriptionSystem,
  model: fakeTranscriptionModel(reachingLogits),
  tokens: fakeTranscriptionSystem.card,
  words: undefined,
};

describe('a recording', () => {
  it('is heard whole, block by block, in stereo and at any rate', async () => {
    const half = minute.length >> 1;
    const blocks = [minute.subarray(0, half), minute.subarray(half)].map((samples) => ({
      sampleRateHz: 44_100,
      channels: [samples, samples],
    }));
    const stats = await transcribeRecording(transcriber, blocks, nobody, {clock});
    expect(stats.droppedSamples).toBe(0);
    const lengthSamples = (minute.length * RATE) / 44_100;
    expect(Math.abs(stats.processedSamples - lengthSamples)).toBeLessThan(0.05 * RATE);
    const whole = [{sampleRateHz: 44_100, channels: [minute, minute]}];
    const atOnce = await transcribeRecording(transcriber, whole, nobody, {clock});
    expect(atOnce.inferenceCount).toBe(stats.inferenceCount);
  });

  it('ends in the middle when it is cancelled, by a message that comes while it is heard', async () => {
    let windowCount = 0;
    // the engine computes at once, as those in WebAssembly do
    const model = fakeTranscriptionModel((rows) => {
      windowCount++;
      const end = performance.now() + 10;
      while (performance.now() < end);
      return reachingLogits(rows);
    });
    const controller = new AbortController();
    const whole = [{sampleRateHz: RATE, channels: [minute]}];
    const options = {clock, signal: controller.signal};
    const heard = transcribeRecording({...transcriber, model}, whole, nobody, options);
    const {port1, port2} = new MessageChannel();
    port2.onmessage = () => {
      controller.abort(new Error('enough'));
    };
    port1.postMessage(null);
    await expect(heard).rejects.toThrow('enough');
    port1.close();
    expect(windowCount).toBeLessThan(20);
  });

  it('that turns out to be damaged is told as far as it goes', async () => {
    async function* damaged() {
      yield await Promise.resolve({sampleRateHz: RATE, channels: [minute.subarray(0, RATE * 5)]});
      throw new Error('damaged');
    }
    let speechEnds = 0;
    const observer = {...nobody, onSpeechEnd: () => speechEnds++};
    await expect(transcribeRecording(transcriber, damaged(), observer, {clock})).rejects.toThrow('damaged');
    expect(speechEnds).toBeGreaterThan(0);
  });

  it('may be empty', async () => {
    const stats = await transcribeRecording(transcriber, [], nobody, {clock});
    expect(stats.inferenceCount).toBe(0);
    const empty = [{sampleRateHz: RATE, channels: [new Float32Array(0)]}];
    expect((await transcribeRecording(transcriber, empty, nobody, {clock})).inferenceCount).toBe(0);
  });
});

describe('a recording that is one utterance', () => {
  const said = concatenate([silence(300, RATE), word, silence(900, RATE), word]);

  /** Transcribes it, in blocks of a memory that is used again. */
  async function transcribe(samples: Float32Array, options: object = {}, loaded = transcriber) {
    const finals: Final[] = [];
    function* blocks() {
      const channel = new Float32Array(5000);
      for (let start = 0; start < samples.length; start += channel.length) {
        const next = samples.subarray(start, start + channel.length);
        channel.set(next);
        yield {sampleRateHz: RATE, channels: [channel.subarray(0, next.length)]};
      }
    }
    const observer = {...nobody, onFinal: (final: Final) => finals.push(final)};
    const asOne = {clock, segmentation: 'none', ...options} as const;
    const stats = await transcribeRecording(loaded, blocks(), observer, asOne);
    return {finals, stats};
  }

  it.each(['beam', 'greedy'] as const)(
    'has one final, with the text that `evaluate` finds in it: %s',
    async (decoding) => {
      const {finals, stats} = await transcribe(said, {decoding});
      const expected = await transcribeUtterance(transcriber, said, {decoding, features: 'utterance'});
      expect(expected.text.length).toBeGreaterThan(0);
      const {text, words, confidence} = expected;
      expect(finals).toEqual([{text, words, confidence, startSample: 0, endSample: said.length}]);
      expect(words.at(-1)?.endSample).toBeLessThanOrEqual(said.length + 320);
      expect(stats.processedSamples).toBe(said.length);
      expect(stats.inferenceCount).toBe(expected.runCount);
    },
  );

  it('has none where nothing was said, or nothing is there', async () => {
    const blank = {
      ...transcriber,
      model: fakeTranscriptionModel((rows) =>
        reachingLogits(rows).map((_, index) => (index % 4 === 3 ? 9 : 0)),
      ),
    };
    expect((await transcribe(said, {}, blank)).finals).toEqual([]);
    const {finals, stats} = await transcribe(new Float32Array(0));
    expect([finals, stats.processedSamples, stats.realTimeFactor]).toEqual([[], 0, 0]);
  });

  it('may last a minute, or as long as the system can run', async () => {
    await expect(transcribe(new Float32Array(60 * RATE + 1))).rejects.toMatchObject({
      code: 'audio-format',
      got: 'a recording of 60.0 s or more',
      expected: 'at most 60.0 s where it is to be one utterance',
    });
    const card = {...transcriber.system.card, maxUtteranceMs: 1000};
    const short = {...transcriber, system: {...transcriber.system, card}};
    await expect(transcribe(said, {}, short)).rejects.toThrow('expected at most 1.0 s');
  });

  it('ends when it is cancelled, by a message that comes while it is run', async () => {
    let runCount = 0;
    const model = fakeTranscriptionModel((rows) => {
      runCount++;
      const end = performance.now() + 10;
      while (performance.now() < end);
      return reachingLogits(rows);
    });
    const controller = new AbortController();
    const heard = transcribe(
      minute.subarray(0, 5 * RATE),
      {signal: controller.signal},
      {...transcriber, model},
    );
    setTimeout(() => controller.abort(new Error('enough')));
    await expect(heard).rejects.toThrow('enough');
    expect(runCount).toBeLessThan(10);
  });
});
