import type {PipelineStats} from './audio-pipeline.ts';
import type {LoadedTranscriber} from './load-transcriber.ts';
import {toMonoAtRate, type RecordedAudio} from './recorded-audio.ts';
import {RecordingTooLongError} from './recording-too-long-error.ts';
import type {TranscribePipelineObserver} from './transcribe-pipeline.ts';
import {transcribeUtterance, type UtteranceProtocol} from './transcribe-utterance.ts';

/** The longest recording where the system's card allows no less: as long as the longest utterance of a stream. */
const MAX_RECORDING_MS = 60_000;

/** How a recording that is one utterance is transcribed. */
export interface AsOneOptions extends Omit<UtteranceProtocol, 'features' | 'decoding'> {
  /** How features are made; default `utterance`, as the system was published. */
  readonly features?: UtteranceProtocol['features'];
  /** Default `beam`. */
  readonly decoding?: UtteranceProtocol['decoding'];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Transcribes a recording as one utterance, without looking for speech in it, as published figures are made: one final,
 * or none where nothing was said. Keeps all of the recording in memory. Worker or Node; one at a time per transcriber.
 * @param blocks one after the other, all at one rate.
 * @throws RecordingTooLongError where it lasts longer than 60 s, or than the system can run; the signal's reason once it
 * aborts; whatever the engine throws, or the blocks: of a damaged recording nothing is told.
 */
export async function transcribeAsOne(
  transcriber: LoadedTranscriber,
  blocks: AsyncIterable<RecordedAudio> | Iterable<RecordedAudio>,
  observer: Pick<TranscribePipelineObserver, 'onFinal'>,
  {signal, features = 'utterance', decoding = 'beam', ...search}: AsOneOptions,
): Promise<PipelineStats> {
  const {card, sampleRateHz} = transcriber.system;
  const recording = await gather(blocks, Math.min(MAX_RECORDING_MS, card.maxUtteranceMs ?? Infinity));
  signal?.throwIfAborted();
  const samples = recording ? toMonoAtRate(recording, sampleRateHz) : new Float32Array(0);
  const protocol = {...search, features, decoding};
  const transcript = await transcribeUtterance(transcriber, samples, protocol, signal);
  const {text, words, confidence, runCount, networkMs, decodingMs} = transcript;
  if (text !== '') observer.onFinal({text, words, confidence, startSample: 0, endSample: samples.length});
  const audioMs = (samples.length * 1000) / sampleRateHz;
  return {
    processedSamples: samples.length,
    droppedSamples: 0,
    overrunSamples: 0,
    inferenceCount: runCount,
    realTimeFactor: audioMs > 0 ? (networkMs + decodingMs) / audioMs : 0,
    hopMs: 0,
  };
}

/** All blocks as one recording; undefined where there are none. */
async function gather(
  blocks: AsyncIterable<RecordedAudio> | Iterable<RecordedAudio>,
  maxMs: number,
): Promise<RecordedAudio | undefined> {
  const gathered: Float32Array[][] = []; // [block][channel]
  let rateHz = 0;
  let sampleCount = 0;
  for await (const {sampleRateHz, channels} of blocks) {
    rateHz = sampleRateHz;
    sampleCount += channels[0]?.length ?? 0;
    if (sampleCount * 1000 > maxMs * rateHz) {
      throw new RecordingTooLongError(
        `a recording of ${(sampleCount / rateHz).toFixed(1)} s or more`,
        `at most ${(maxMs / 1000).toFixed(1)} s where it is to be one utterance`,
      );
    }
    gathered.push(channels.map((channel) => channel.slice())); // the reader may use its memory again
  }
  const [first] = gathered;
  if (!first) return undefined;
  const channels = Array.from(first, (_, channel) => {
    const whole = new Float32Array(sampleCount);
    let offset = 0;
    for (const block of gathered) {
      const samples = block[channel] ?? new Float32Array(0);
      whole.set(samples, offset);
      offset += samples.length;
    }
    return whole;
  });
  return {sampleRateHz: rateHz, channels};
}
