import {streamAudioFile} from '../src/formats/audio-stream.ts';
import type {DecodedRecording} from '../src/protocol/transcription-messages.ts';

/** What reading a recording may be told and asked. */
export interface ReadingOptions {
  readonly signal: AbortSignal;
  /** Told of how much has been read; bytes of the file. Totals are 0 where unknown. */
  readonly onProgress: (loadedBytes: number, totalBytes: number) => void;
}

/** Bytes of a decoded sample. */
const SAMPLE_BYTES = Float32Array.BYTES_PER_ELEMENT;
/** Samples of a decoded recording that are given at once. */
const BLOCK_SAMPLES = 2 ** 16;

/**
 * A recording block by block: a file is read and decoded as it is asked for, what the browser has decoded is cut up.
 * @throws AudioFormatError where the file is neither WAV nor FLAC, damaged, or cut; the signal's reason.
 */
export async function* blocksOf(
  audio: Blob | DecodedRecording,
  {signal, onProgress}: ReadingOptions,
): AsyncGenerator<DecodedRecording, void> {
  if (audio instanceof Blob) {
    yield* streamAudioFile(audio, {
      signal,
      onProgress: ({loadedBytes, totalBytes = 0}) => {
        onProgress(loadedBytes, totalBytes);
      },
    });
    return;
  }
  const {sampleRateHz, channels} = audio;
  const length = channels[0]?.length ?? 0;
  for (let start = 0; start < length; start += BLOCK_SAMPLES) {
    const end = Math.min(length, start + BLOCK_SAMPLES);
    yield {sampleRateHz, channels: channels.map((channel) => channel.subarray(start, end))};
    onProgress(end * SAMPLE_BYTES * channels.length, length * SAMPLE_BYTES * channels.length);
  }
}
