import {decoderFor, SNIFFED_BYTES} from './audio-file.ts';
import {AudioFormatError} from './audio-format-error.ts';
import {piecesOf, sizeOf, type AudioSource} from './audio-source.ts';
import {ByteFeed, MORE_BYTES} from './byte-feed.ts';
import type {AudioBlock, Decoding} from './decoding.ts';

/** How far the reading of an audio file is. */
export interface AudioProgress {
  readonly loadedBytes: number;
  /** Undefined where only the end of the source will tell. */
  readonly totalBytes: number | undefined;
}

/** Options of {@link streamAudioFile}. */
export interface AudioStreamOptions {
  readonly signal?: AbortSignal;
  /** Told of each piece that was read. */
  readonly onProgress?: (progress: AudioProgress) => void;
}

/**
 * Reads a WAV or FLAC file of any length in bounded memory: its blocks one after the other, none held back, each read
 * when it is asked for. Which of the two it is tell its first bytes. Any thread.
 * @throws AudioFormatError where it is neither or damaged, and, after all whole samples, where it was cut; the signal's
 * reason; whatever the source rejects with.
 */
export async function* streamAudioFile(
  source: AudioSource,
  {signal, onProgress}: AudioStreamOptions = {},
): AsyncGenerator<AudioBlock, void> {
  const feed = new ByteFeed();
  const decoding = decodeSniffed(feed);
  const pieces = piecesOf(source, signal);
  const totalBytes = sizeOf(source);
  let loadedBytes = 0;
  try {
    for (;;) {
      const {done, value} = decoding.next();
      if (done) {
        checkWhole(value.missingSamples);
        return;
      }
      if (value !== MORE_BYTES) {
        yield value;
        signal?.throwIfAborted();
        continue;
      }
      const piece = await pieces.next();
      if (piece.done) {
        feed.end();
        continue;
      }
      feed.push(piece.value);
      loadedBytes += piece.value.length;
      onProgress?.({loadedBytes, totalBytes});
    }
  } finally {
    await pieces.return();
  }
}

function* decodeSniffed(feed: ByteFeed): Decoding {
  yield* feed.fill(SNIFFED_BYTES);
  return yield* decoderFor(feed.unread)(feed);
}

function checkWhole(missingSamples: number): void {
  if (missingSamples === 0) return;
  throw new AudioFormatError(
    `a file that was cut (${missingSamples} samples are missing at its end)`,
    'as many samples as its header states',
  );
}
