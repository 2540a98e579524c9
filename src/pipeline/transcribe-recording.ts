import type {PipelineStats} from './audio-pipeline.ts';
import {MAX_CHUNK_SAMPLES, type PlanarAudio} from './audio-queue.ts';
import type {LoadedTranscriber} from './load-transcriber.ts';
import type {RecordedAudio} from './recorded-audio.ts';
import {transcribeAsOne} from './transcribe-as-one.ts';
import {
  TranscribePipeline,
  type TranscribePipelineObserver,
  type TranscribePipelineOptions,
} from './transcribe-pipeline.ts';

/** How a recording is transcribed: as a page transcribes a microphone, but for the rate, which is the recording's. */
export interface RecordingOptions extends Omit<TranscribePipelineOptions, 'inputRateHz'> {
  readonly signal?: AbortSignal | undefined;
  /** `speech` (default): the speech gate finds its utterances. `none`: it is one utterance, see {@link transcribeAsOne}. */
  readonly segmentation?: 'speech' | 'none';
}

/** The counters of a recording without a sample. */
const NOTHING_HEARD: PipelineStats = {
  processedSamples: 0,
  droppedSamples: 0,
  overrunSamples: 0,
  inferenceCount: 0,
  realTimeFactor: 0,
  hopMs: 0,
};

/**
 * Runs a recording through the pipeline of the page as fast as inference allows: nothing is late, nothing dropped, so
 * the answer does not depend on the machine. Only the block that is being heard is in memory. What was said before the
 * recording turned out to be damaged is told all the same. A recording that is to be one utterance is the exception: it
 * is kept, and run whole. Worker or Node; one at a time per transcriber.
 * @param blocks one after the other, all at one rate: see `streamAudioFile`; a whole recording is one block.
 * @throws as {@link transcribeAsOne} for one utterance; the signal's reason once it aborts; whatever the engine throws,
 * or the blocks.
 */
export async function transcribeRecording(
  transcriber: LoadedTranscriber,
  blocks: AsyncIterable<RecordedAudio> | Iterable<RecordedAudio>,
  observer: TranscribePipelineObserver,
  {signal, segmentation = 'speech', ...options}: RecordingOptions,
): Promise<PipelineStats> {
  if (segmentation === 'none')
    return await transcribeAsOne(transcriber, blocks, observer, {signal, ...options});
  let pipeline: TranscribePipeline | undefined;
  let nextSample = 0;
  try {
    for await (const {sampleRateHz, channels} of blocks) {
      pipeline ??= new TranscribePipeline(transcriber, observer, {...options, inputRateHz: sampleRateHz});
      for (const chunk of chunksOf(channels)) {
        signal?.throwIfAborted();
        pipeline.accept(chunk, nextSample);
        await pipeline.drain();
        nextSample += chunk.sampleCount;
      }
    }
    signal?.throwIfAborted();
  } finally {
    if (signal?.aborted) await pipeline?.abort();
    else await pipeline?.stop();
  }
  return pipeline?.stats ?? NOTHING_HEARD;
}

function* chunksOf(channels: readonly Float32Array[]): Generator<PlanarAudio> {
  const length = channels[0]?.length ?? 0;
  for (let start = 0; start < length; start += MAX_CHUNK_SAMPLES) {
    const sampleCount = Math.min(MAX_CHUNK_SAMPLES, length - start);
    const samples = new Float32Array(channels.length * sampleCount);
    channels.forEach((channel, index) =>
      samples.set(channel.subarray(start, start + sampleCount), index * sampleCount),
    );
    yield {samples, stride: sampleCount, channelCount: channels.length, sampleCount};
  }
}
