import type {PipelineStats} from './audio-pipeline.ts';
import {MAX_CHUNK_SAMPLES} from './audio-queue.ts';
import type {LoadedTranscriber} from './load-transcriber.ts';
import type {RecordedAudio} from './recorded-audio.ts';
import {
  TranscribePipeline,
  type TranscribePipelineObserver,
  type TranscribePipelineOptions,
} from './transcribe-pipeline.ts';

/** How a recording is transcribed: as a page transcribes a microphone, but for the rate, which is the recording's. */
export interface RecordingOptions extends Omit<TranscribePipelineOptions, 'inputRateHz'> {
  readonly signal?: AbortSignal;
  /** Told of how many samples have been heard, and how many there are. */
  readonly onProgress?: (heardSamples: number, totalSamples: number) => void;
}

/**
 * Runs a recording through the pipeline of the page as fast as inference allows: nothing is late, nothing dropped, so
 * the answer does not depend on the machine. Worker or Node; one at a time per transcriber.
 * @throws the signal's reason once it aborts; whatever the engine throws.
 */
export async function transcribeRecording(
  transcriber: LoadedTranscriber,
  {sampleRateHz, channels}: RecordedAudio,
  observer: TranscribePipelineObserver,
  {signal, onProgress, ...options}: RecordingOptions,
): Promise<PipelineStats> {
  const pipeline = new TranscribePipeline(transcriber, observer, {...options, inputRateHz: sampleRateHz});
  const sampleCount = channels[0]?.length ?? 0;
  try {
    for (let start = 0; start < sampleCount; start += MAX_CHUNK_SAMPLES) {
      signal?.throwIfAborted();
      pipeline.accept(chunkOf(channels, start), start);
      await pipeline.drain();
      onProgress?.(Math.min(sampleCount, start + MAX_CHUNK_SAMPLES), sampleCount);
    }
    signal?.throwIfAborted();
    await pipeline.stop();
  } finally {
    await pipeline.abort();
  }
  return pipeline.stats;
}

function chunkOf(
  channels: readonly Float32Array[],
  start: number,
): Parameters<TranscribePipeline['accept']>[0] {
  const pieces = channels.map((channel) => channel.subarray(start, start + MAX_CHUNK_SAMPLES));
  const sampleCount = pieces[0]?.length ?? 0;
  const samples = new Float32Array(pieces.length * sampleCount);
  pieces.forEach((piece, channel) => samples.set(piece, channel * sampleCount));
  return {samples, stride: sampleCount, channelCount: pieces.length, sampleCount};
}
