import {AudioFormatError} from './audio-format-error.ts';
import {checkSampleRate, type DecodedAudio} from './decoded-audio.ts';
import {BitReader, EndOfDataError} from './flac/bit-reader.ts';
import {decodeFrame, type FrameFormat} from './flac/frame.ts';

const MAGIC = [0x66, 0x4c, 0x61, 0x43]; // "fLaC"
const BLOCK_HEADER_BYTES = 4;
const STREAM_INFO_BYTES = 34;
/** Samples times predictor terms beyond this leave the exact range of the decoder's sums; such files are rare. */
const MAX_BITS_PER_SAMPLE = 24;

/** What the first metadata block promises (RFC 9639, section 8.2). */
interface StreamInfo extends FrameFormat {
  readonly maxFrameBytes: number; // 0 where the encoder did not know
  readonly sampleRateHz: number;
  readonly sampleCount: number; // per channel; 0 where the encoder did not know
}

/**
 * Reads a FLAC file (native, not in Ogg; 4 to 24 bits). Samples come out as exactly n / 2^(bits − 1). Any thread.
 * A cut file is read as far as it goes, with `missingSamples`.
 * @throws AudioFormatError where the file is no FLAC file or a checksum shows that it is damaged.
 */
export function readFlac(bytes: Uint8Array): DecodedAudio {
  const {info, audioOffset} = readMetadata(bytes);
  const blocks = readBlocks(bytes, audioOffset, info);
  const channels = Array.from({length: info.channelCount}, (_, channel) =>
    joinScaled(
      blocks.map((block) => block[channel] ?? new Int32Array(0)),
      info.bitsPerSample,
    ),
  );
  const decodedCount = channels[0]?.length ?? 0;
  return {
    sampleRateHz: info.sampleRateHz,
    channels,
    missingSamples: info.sampleCount === 0 ? 0 : info.sampleCount - decodedCount,
  };
}

/** Whether the bytes begin as a native FLAC file does. Any thread. */
export function isFlac(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

/** Decodes frames until the stated count is reached (tags may follow), or else to the end of the data. */
function readBlocks(bytes: Uint8Array, audioOffset: number, info: StreamInfo): Int32Array[][] {
  const reader = new BitReader(bytes, audioOffset);
  const expectedCount = info.sampleCount || Infinity;
  const blocks: Int32Array[][] = [];
  let decodedCount = 0;
  while (decodedCount < expectedCount && reader.byteOffset < bytes.length) {
    const frameStart = reader.byteOffset;
    try {
      const block = decodeFrame(reader, info);
      decodedCount += block[0]?.length ?? 0;
      blocks.push(block);
    } catch (error) {
      if (!(error instanceof EndOfDataError)) throw error;
      checkWasCut(bytes.length - frameStart, info);
      break;
    }
  }
  if (decodedCount > expectedCount) {
    throw new AudioFormatError(`${decodedCount} samples`, `${expectedCount} as the stream info states`);
  }
  return blocks;
}

/** A frame that runs past the end though the longest one would fit was not cut: its lengths are damaged. */
function checkWasCut(remainingBytes: number, {maxFrameBytes}: StreamInfo): void {
  if (maxFrameBytes === 0 || remainingBytes < maxFrameBytes) return;
  throw new AudioFormatError(
    `a frame longer than the ${remainingBytes} bytes left`,
    `at most ${maxFrameBytes} (the file is damaged)`,
  );
}

function joinScaled(pieces: readonly Int32Array[], bitsPerSample: number): Float32Array {
  const fullScale = 2 ** (bitsPerSample - 1);
  const samples = new Float32Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    for (let index = 0; index < piece.length; index++) {
      samples[position + index] = (piece[index] ?? 0) / fullScale;
    }
    position += piece.length;
  }
  return samples;
}

/** Reads the stream info, which always comes first, and skips the other blocks. */
function readMetadata(bytes: Uint8Array): {info: StreamInfo; audioOffset: number} {
  if (!isFlac(bytes)) throw new AudioFormatError('no FLAC magic', '"fLaC" at the beginning');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let info: StreamInfo | undefined;
  let offset = MAGIC.length;
  for (;;) {
    const {isLast, type, start, end} = readBlockHeader(view, offset);
    if (!info && (type !== 0 || end - start !== STREAM_INFO_BYTES)) {
      throw new AudioFormatError(
        `a first block of type ${type}, ${end - start} bytes`,
        'a stream info block',
      );
    }
    info ??= readStreamInfo(view, start);
    offset = end;
    if (isLast) return {info, audioOffset: offset};
  }
}

function readBlockHeader(
  view: DataView,
  offset: number,
): {isLast: boolean; type: number; start: number; end: number} {
  const start = offset + BLOCK_HEADER_BYTES;
  const header = start <= view.byteLength ? view.getUint32(offset) : 0;
  const end = start + (header & 0xffffff);
  if (end > view.byteLength) {
    throw new AudioFormatError(`${view.byteLength} bytes`, `metadata up to byte ${end}`);
  }
  return {isLast: header >>> 31 === 1, type: (header >>> 24) & 0x7f, start, end};
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
