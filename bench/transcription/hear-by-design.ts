import type {LoadedTranscriber} from '../../src/pipeline/load-transcriber.ts';
import {transcribeRecording} from '../../src/pipeline/transcribe-recording.ts';
import {concatenate, silence} from '../../test/support/wav.ts';
import {RATE_HZ} from '../speech-material.ts';
import type {TextEvent, Waits} from './latency.ts';

/** As finely as the microphone of Chromium gives its sound. */
const BLOCK_SAMPLES = RATE_HZ / 100;
const LEAD_MS = 1000;
const TAIL_MS = 2000;

/** A clip to listen to, and how much sound its texts wait for. */
export interface HeardClip {
  readonly clip: Float32Array;
  readonly waits: Waits;
}

/**
 * Finds clips that are one utterance each and long enough for a partial, and how much sound must be heard before each
 * text: computing in Node, where nothing is late.
 * @param count most clips that are wanted.
 */
export async function hearByDesign(
  transcriber: LoadedTranscriber,
  clips: readonly Float32Array[],
  count: number,
): Promise<readonly HeardClip[]> {
  const found: HeardClip[] = [];
  for (const clip of clips) {
    if (found.length === count) break;
    const texts = await hear(
      transcriber,
      concatenate([silence(LEAD_MS, RATE_HZ), clip, silence(TAIL_MS, RATE_HZ)]),
    );
    const partial = texts.find(({kind}) => kind === 'partial');
    const [final, ...more] = texts.filter(({kind}) => kind === 'final');
    if (!partial || !final || more.length > 0) continue;
    const waits = {partialMs: partial.ms - partial.audioMs, finalMs: final.ms - final.audioMs};
    found.push({clip, waits});
  }
  return found;
}

/** Texts, told at the place in the samples up to which had to be heard. */
async function hear(transcriber: LoadedTranscriber, samples: Float32Array): Promise<readonly TextEvent[]> {
  const texts: TextEvent[] = [];
  let heardSamples = 0;
  const tell = (kind: TextEvent['kind'], sample: number): void => {
    texts.push({kind, ms: (1000 * heardSamples) / RATE_HZ, audioMs: (1000 * sample) / RATE_HZ});
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
    onPartial: (_: unknown, startSample: number) => {
      tell('partial', startSample);
    },
    onFinal: ({endSample}: {readonly endSample: number}) => {
      tell('final', endSample);
    },
  };
  await transcribeRecording(transcriber, blocks(), observer, {clock: () => performance.now()});
  return texts;
}
