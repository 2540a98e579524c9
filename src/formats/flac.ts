import {AudioFormatError} from './audio-format-error.ts';
import type {ByteFeed, MORE_BYTES} from './byte-feed.ts';
import {checkSampleRate} from './decoded-audio.ts';
import type {Decoding} from './decoding.ts';
import {BitReader, EndOfDataError} from './flac/bit-reader.ts';
import {decodeFrame, type FrameFormat} from './flac/frame.ts';

const MAGIC = [0x66, 0x4c, 0x61, 0x43]; // "fLaC"
const BLOCK_HEADER_BYTES = 4;
const STREAM_INFO_BYTES = 34;
/** Samples times predictor terms beyond this leave the exact range of the decoder's sums; such files are rare. */
const MAX_BITS_PER_SAMPLE = 24;
/** Bytes waited for before a first frame is tried; later ones wait for as many as the longest so far. */
const FIRST_FRAME_BYTES = 2 ** 14;
/** A frame is no longer than its samples as they are, 65,536 for each of 8 channels, and a header. */
const MAX_BLOCK_SAMPLES = 65_536;
const MAX_OVERHEAD_BYTES = 1024;

/** What the first metadata block promises (RFC 9639, section 8.2). */
interface StreamInfo extends FrameFormat {
  readonly maxFrameBytes: number; // 0 where the encoder did not know
  readonly sampleRateHz: number;
  readonly sampleCount: number; // per channel; 0 where the encoder did not know
}

/** Whether the bytes begin as a native FLAC file does. Any thread. */
export function isFlac(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

/**
 * Decodes a FLAC file (native, not in Ogg; 4 to 24 bits) as its bytes come, frame by frame. Samples come out as exactly
 * n / 2^(bits − 1). Any thread.
 * A cut file is read as far as it goes, with `missingSamples`.
 * @throws AudioFormatError where the file is no FLAC file or a checksum shows that it is damaged.
 */
export function* decodeFlac(feed: ByteFeed): Decoding {
  const info = yield* readMetadata(feed);
  const {sampleRateHz, channelCount, sampleCount} = info;
  const expectedCount = sampleCount || Infinity; // tags may follow the last frame
  const frames = new FrameReader(feed, info);
  let startSample = 0;
  while (startSample < expectedCount) {
    const channels = yield* frames.next();
    if (!channels) break;
    const blockLength = channels[0]?.length ?? 0;
    if (startSample + blockLength > expectedCount) {
      throw new AudioFormatError(
        `${startSample + blockLength} samples`,
        `${expectedCount} as the stream info states`,
      );
    }
    yield {sampleRateHz, startSample, channels};
    startSample += blockLength;
  }
  return {sampleRateHz, channelCount, missingSamples: sampleCount === 0 ? 0 : sampleCount - startSample};
}

/** Takes frames off a feed. */
class FrameReader {
  readonly #feed: ByteFeed;
  readonly #info: StreamInfo;
  readonly #maxFrameBytes: number; // more is no frame
  #wantedBytes = FIRST_FRAME_BYTES;

  constructor(feed: ByteFeed, info: StreamInfo) {
    this.#feed = feed;
    this.#info = info;
    const verbatimBytes = Math.ceil((MAX_BLOCK_SAMPLES * info.channelCount * (info.bitsPerSample + 1)) / 8);
    this.#maxFrameBytes = verbatimBytes + MAX_OVERHEAD_BYTES;
  }

  /** The channels of the next frame; undefined where the file ends before it, or within it. */
  *next(): Generator<typeof MORE_BYTES, Float32Array[] | undefined> {
    const feed = this.#feed;
    for (let wanted = this.#wantedBytes; ; wanted *= 2) {
      yield* feed.fill(Math.min(wanted, this.#maxFrameBytes));
      const {unread} = feed;
      if (unread.length === 0) return undefined;
      const reader = new BitReader(unread.subarray(0, this.#maxFrameBytes), 0);
      try {
        const block = decodeFrame(reader, this.#info);
        feed.advance(reader.byteOffset);
        this.#wantedBytes = Math.max(this.#wantedBytes, reader.byteOffset);
        return block.map((samples) => scale(samples, this.#info.bitsPerSample));
      } catch (error) {
        if (!(error instanceof EndOfDataError)) throw error;
        if (!feed.isEnded && unread.length < this.#maxFrameBytes) continue;
        this.#checkWasCut(unread.length);
        return undefined;
      }
    }
  }

  /** A frame that runs past the end though the longest one would fit was not cut: its lengths are damaged. */
  #checkWasCut(remainingBytes: number): void {
    const longest = Math.min(this.#info.maxFrameBytes || Infinity, this.#maxFrameBytes);
    if (remainingBytes < longest) return;
    throw new AudioFormatError(
      `a frame longer than the ${remainingBytes} bytes left`,
      `at most ${longest} (the file is damaged)`,
    );
  }
}

function scale(samples: Int32Array, bitsPerSample: number): Float32Array {
  const fullScale = 2 ** (bitsPerSample - 1);
  const scaled = new Float32Array(samples.length);
  for (let index = 0; index < samples.length; index++) scaled[index] = (samples[index] ?? 0) / fullScale;
  return scaled;
}

/** Reads the stream info, which always comes first, and skips the other blocks. */
function* readMetadata(feed: ByteFeed): Generator<typeof MORE_BYTES, StreamInfo> {
  yield* feed.fill(MAGIC.length);
  if (!isFlac(feed.unread)) throw new AudioFormatError('no FLAC magic', '"fLaC" at the beginning');
  feed.advance(MAGIC.length);
  let info: StreamInfo | undefined;
  for (;;) {
    const {isLast, type, length} = yield* readBlockHeader(feed);
    const end = feed.position + length;
    if (!info) {
      if (type !== 0 || length !== STREAM_INFO_BYTES) {
        throw new AudioFormatError(`a first block of type ${type}, ${length} bytes`, 'a stream info block');
      }
      if (yield* feed.fill(length)) info = readStreamInfo(feed.view(length), 0);
    }
    yield* feed.skip(length);
    if (!info || feed.position < end) throw cutMetadata(feed, end);
    if (isLast) return info;
  }
}

function* readBlockHeader(
  feed: ByteFeed,
): Generator<typeof MORE_BYTES, {isLast: boolean; type: number; length: number}> {
  if (!(yield* feed.fill(BLOCK_HEADER_BYTES))) throw cutMetadata(feed, feed.position + BLOCK_HEADER_BYTES);
  const header = feed.view(BLOCK_HEADER_BYTES).getUint32(0);
  feed.advance(BLOCK_HEADER_BYTES);
  return {isLast: header >>> 31 === 1, type: (header >>> 24) & 0x7f, length: header & 0xffffff};
}

function cutMetadata(feed: ByteFeed, end: number): AudioFormatError {
  return new AudioFormatError(`${feed.position + feed.unread.length} bytes`, `metadata up to byte ${end}`);
}

function readStreamInfo(view: DataView, start: number): StreamInfo {
  // 20 bits rate, 3 bits channels − 1, 5 bits per sample − 1, 4 high bits of the sample count
  const packed = view.getUint32(start + 10);
  const sampleRateHz = packed >>> 12;
  const bitsPerSample = ((packed >>> 4) & 31) + 1;
  checkSampleRate(sampleRateHz);
  if (bitsPerSample < 4 || bitsPerSample > MAX_BITS_PER_SAMPLE) {
    throw new AudioFormatError(`${bitsPerSample} bits per sample`, `4 to ${MAX_BITS_PER_SAMPLE}`);
  }
  return {
    maxFrameBytes: view.getUint32(start + 6) & 0xffffff,
    sampleRateHz,
    channelCount: ((packed >>> 9) & 7) + 1,
    bitsPerSample,
    sampleCount: (packed & 15) * 2 ** 32 + view.getUint32(start + 14),
  };
}
