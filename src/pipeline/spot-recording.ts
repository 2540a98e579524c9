import type {KeywordHit} from '../decode/keyword-detector.ts';
import type {PlanarAudio} from './audio-queue.ts';
import type {KeywordClassifier} from './keyword-classifier.ts';
import type {PipelineStats} from './audio-pipeline.ts';
import {KeywordPipeline, type KeywordPipelineOptions} from './keyword-pipeline.ts';
import type {RecordedAudio} from './recorded-audio.ts';

/** How to listen to a recording: as a page would, but for the rate, which is the recording's. */
export type SpotOptions = Omit<KeywordPipelineOptions, 'inputRateHz'>;

/** What was heard in a recording; sample indices at the model's rate. */
export interface SpottedRecording {
  readonly hits: readonly KeywordHit[];
  readonly stats: PipelineStats;
}

/** One quantum of 20 ms: far below a hop, so that the pipeline is never late and lengthens no hop. */
const CHUNK_MS = 20;
/** What a microphone would go on to hear after the recording: one window, so that a last word passes through. */
const TRAILING_SILENCE_MS = 1000;

/**
 * Runs a recording through the pipeline of the page as fast as inference allows: nothing is late, nothing dropped, so
 * the answer does not depend on the machine. Silence of one window follows, so that a last word is heard. Worker or
 * Node; one at a time per classifier.
 */
export async function spotRecording(
  classifier: KeywordClassifier,
  {sampleRateHz, channels}: RecordedAudio,
  options: SpotOptions,
): Promise<SpottedRecording> {
  const hits: KeywordHit[] = [];
  const observer = {onKeyword: (hit: KeywordHit) => void hits.push(hit)};
  const pipeline = new KeywordPipeline(classifier, observer, {...options, inputRateHz: sampleRateHz});
  const sampleCount = channels[0]?.length ?? 0;
  const endSample = sampleCount + Math.ceil((TRAILING_SILENCE_MS * sampleRateHz) / 1000);
  const chunkLength = Math.ceil((CHUNK_MS * sampleRateHz) / 1000);
  const samples = new Float32Array(channels.length * chunkLength);
  for (let start = 0; start < endSample; start += chunkLength) {
    samples.fill(0);
    channels.forEach((channel, index) =>
      samples.set(channel.subarray(start, start + chunkLength), index * chunkLength),
    );
    const chunk: PlanarAudio = {
      samples,
      stride: chunkLength,
      channelCount: channels.length,
      sampleCount: chunkLength,
    };
    pipeline.accept(chunk, start);
    await pipeline.drain();
  }
  return {hits, stats: pipeline.stats};
}
