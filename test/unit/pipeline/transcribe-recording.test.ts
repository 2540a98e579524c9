import {describe, expect, it} from 'vitest';
import {transcribeRecording} from '../../../src/pipeline/transcribe-recording.ts';
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
