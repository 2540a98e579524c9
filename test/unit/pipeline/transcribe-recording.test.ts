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

describe('a recording', () => {
  it('is heard whole, with progress that only grows, in stereo and at any rate', async () => {
    const transcriber = {
      system: fakeTranscriptionSystem,
      model: fakeTranscriptionModel(reachingLogits),
      words: undefined,
    };
    const heard: number[] = [];
    const stats = await transcribeRecording(
      transcriber,
      {sampleRateHz: 44_100, channels: [minute, minute]},
      nobody,
      {clock, onProgress: (samples, total) => heard.push(samples / total)},
    );
    expect(stats.droppedSamples).toBe(0);
    expect(heard.at(-1)).toBe(1);
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
    const lengthSamples = (minute.length * RATE) / 44_100;
    expect(Math.abs(stats.processedSamples - lengthSamples)).toBeLessThan(0.05 * RATE);
  });

  it('ends in the middle when it is cancelled, by a message that comes while it is heard', async () => {
    // the engine computes at once, as those in WebAssembly do
    const model = fakeTranscriptionModel((rows) => {
      const end = performance.now() + 10;
      while (performance.now() < end);
      return reachingLogits(rows);
    });
    const controller = new AbortController();
    let progress = 0;
    const heard = transcribeRecording(
      {system: fakeTranscriptionSystem, model, words: undefined},
      {sampleRateHz: RATE, channels: [minute]},
      nobody,
      {clock, signal: controller.signal, onProgress: (samples, total) => (progress = samples / total)},
    );
    const {port1, port2} = new MessageChannel();
    port2.onmessage = () => {
      controller.abort(new Error('enough'));
    };
    port1.postMessage(null);
    await expect(heard).rejects.toThrow('enough');
    port1.close();
    expect(progress).toBeLessThan(0.5);
  });

  it('may be empty', async () => {
    const transcriber = {
      system: fakeTranscriptionSystem,
      model: fakeTranscriptionModel(reachingLogits),
      words: undefined,
    };
    const empty = {sampleRateHz: RATE, channels: [new Float32Array(0)]};
    const stats = await transcribeRecording(transcriber, empty, nobody, {clock});
    expect(stats.inferenceCount).toBe(0);
  });
});
