import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {loadTranscriptionSystem, type LoadedTranscriptionSystem} from '../../src/cli/load-system.ts';
import {TranscribePipeline} from '../../src/pipeline/transcribe-pipeline.ts';
import type {TranscribedSpan} from '../../src/pipeline/utterance-transcriber.ts';
import {readMono} from '../support/recordings.ts';
import {repositoryPath} from '../support/repository.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {concatenate, silence} from '../support/wav.ts';

// what is heard is the built-in network's own affair (its card has the error rates): here, that it is always the same

const RATE_HZ = 16_000;
let system: LoadedTranscriptionSystem;

beforeAll(async () => {
  system = await loadTranscriptionSystem('earshot-ctc', {'allow-unverified': false, lm: 'built-in'});
});
afterAll(() => {
  system.transcriber.model.dispose();
});

interface Heard {
  readonly finals: readonly TranscribedSpan[];
  /** Of each utterance, its partials. */
  readonly partials: readonly {readonly text: string; readonly stableLength: number; readonly at: number}[];
}

async function hear(samples: Float32Array, pieceLength: number): Promise<Heard> {
  const finals: TranscribedSpan[] = [];
  const partials: {text: string; stableLength: number; at: number}[] = [];
  const observer = {
    onSpeechStart: () => undefined,
    onSpeechEnd: () => undefined,
    onPartial: (partial: {text: string; stableLength: number}, at: number) => partials.push({...partial, at}),
    onFinal: (final: TranscribedSpan) => finals.push(final),
  };
  const options = {inputRateHz: RATE_HZ, clock: () => performance.now(), beamWidth: 16};
  const pipeline = new TranscribePipeline(system.transcriber, observer, options);
  for (let start = 0; start < samples.length; start += pieceLength) {
    const piece = samples.subarray(start, start + pieceLength);
    for (let inner = 0; inner < piece.length; inner += 4096) {
      const chunk = piece.subarray(inner, inner + 4096);
      pipeline.accept(
        {samples: chunk, stride: chunk.length, channelCount: 1, sampleCount: chunk.length},
        start + inner,
      );
    }
    await pipeline.drain();
  }
  await pipeline.stop();
  return {finals, partials};
}

const words = ['left', 'stop', 'go', 'yes', 'right'].map((word) =>
  readMono(repositoryPath(`test/fixtures/speech/${word}.wav`)),
);
const synthetic = concatenate([silence(600, RATE_HZ), ...words, silence(1200, RATE_HZ), ...words]);

function expectSteady({finals, partials}: Heard): void {
  for (const {startSample, text} of finals) {
    let stable = '';
    for (const partial of partials.filter(({at}) => at === startSample)) {
      expect(partial.text.startsWith(stable)).toBe(true);
      stable = partial.text.slice(0, partial.stableLength);
    }
    expect(text.startsWith(stable)).toBe(true);
  }
}

async function expectAlike(samples: Float32Array): Promise<void> {
  const whole = await hear(samples, samples.length);
  expect(whole.finals.length).toBeGreaterThan(0);
  for (const pieceLength of [160, 592]) expect(await hear(samples, pieceLength)).toEqual(whole);
  expectSteady(whole);
}

describe('speech in pieces of 10 ms, of 37 ms and in one gives the same text and places', () => {
  it('of a synthetic voice', async () => {
    await expectAlike(synthetic);
  });

  it.skipIf(!hasShared)('of a person reading (skipped where ../shared is absent)', async () => {
    const reading = readMono(sharedPath('audio/librispeech-other-dev/1688-142285-0001.flac'));
    await expectAlike(concatenate([silence(400, RATE_HZ), reading]));
  });
});
