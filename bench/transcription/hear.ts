import type {LoadedTranscriber} from '../../src/pipeline/load-transcriber.ts';
import {transcribeRecording} from '../../src/pipeline/transcribe-recording.ts';
import {RATE_HZ} from '../speech-material.ts';
import type {ShownText} from './word-latency.ts';

/** As finely as the microphone of Chromium gives its sound. */
const BLOCK_SAMPLES = RATE_HZ / 100;

/** A text, and where its utterance begins on the clock of the sound that was heard, milliseconds. */
export interface HeardText extends ShownText {
  readonly startMs: number;
}

/**
 * Transcribes a recording as a page does its microphone, but computing as if it took no time: a text is told at the place
 * up to which the recording had to be heard for it, milliseconds from its first sample. Always the same.
 * @param samples at RATE_HZ.
 */
export async function hear(
  transcriber: LoadedTranscriber,
  samples: Float32Array,
): Promise<readonly HeardText[]> {
  const texts: HeardText[] = [];
  let heardSamples = 0;
  const tell = (kind: HeardText['kind'], text: string, startSample: number): void => {
    const startMs = (1000 * startSample) / RATE_HZ;
    texts.push({kind, text, ms: (1000 * heardSamples) / RATE_HZ, startMs});
  };
  function* blocks(): Generator<{sampleRateHz: number; channels: readonly Float32Array[]}> {
    for (let start = 0; start < samples.length; start += BLOCK_SAMPLES) {
      heardSamples = Math.min(start + BLOCK_SAMPLES, samples.length);
      yield {sampleRateHz: RATE_HZ, channels: [samples.subarray(start, heardSamples)]};
    }
  }
  const observer = {
    onSpeechStart: () => undefined,
    onSpeechEnd: () => undefined,
    onPartial: ({text}: {readonly text: string}, startSample: number) => {
      tell('partial', text, startSample);
    },
    onFinal: ({text, startSample}: {readonly text: string; readonly startSample: number}) => {
      tell('final', text, startSample);
    },
  };
  await transcribeRecording(transcriber, blocks(), observer, {clock: () => performance.now()});
  return texts;
}
