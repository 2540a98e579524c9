import {AudioFormatError} from './audio-format-error.ts';
import type {ByteFeed, MORE_BYTES} from './byte-feed.ts';
import {checkSampleRate} from './decoded-audio.ts';
import type {Decoding} from './decoding.ts';
import {WAV_SAMPLE_BYTES, deinterleave, type WavEncoding} from './wav-samples.ts';

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const FORMAT_BYTES = 16;
const EXTENSIBLE_FORMAT_BYTES = 40;
const DS64_BYTES = 16;

const TAG_PCM = 0x0001;
const TAG_FLOAT = 0x0003;
const TAG_EXTENSIBLE = 0xfffe;
/** What follows the two tag bytes in every KSDATAFORMAT_SUBTYPE of a plain tag. */
const SUBTYPE_SUFFIX = '000000001000800000aa00389b71';
const OTHER_TAGS: Readonly<Record<number, string>> = {
  0x0002: 'Microsoft ADPCM',
  0x0006: 'A-law',
  0x0007: 'µ-law',
  0x0011: 'IMA ADPCM',
  0x0050: 'MPEG',
  0x0055: 'MP3',
};

/**
 * Writers that cannot go back (a pipe) leave a length that no file has: ffmpeg 0xFFFFFFFF, arecord 0x7FFFFFFF and
 * less a few, SoX 0x7FFFF000. From here on a length that the file does not hold means "until the end".
 */
const STREAMED_LENGTH_BYTES = 0x7ffff000;
/** In RF64 the length of a data chunk whose true length, in 64 bits, stands in the chunk `ds64`. */
const LENGTH_IN_DS64 = 0xffffffff;
/** How much after an empty data chunk is looked at, to tell a finished recording from a streamed one. */
const MAX_TRAILER_BYTES = 2 ** 20;

/** Samples per channel of a block, and its bytes where the channels are so many that those would be large. */
const BLOCK_SAMPLES = 4096;
const MAX_BLOCK_BYTES = 2 ** 18;

/** RIFF, and its form for more than 4 GiB (EBU Tech 3306, ITU-R BS.2088). */
const MAGICS = ['RIFF', 'RF64', 'BW64'];

interface WavFormat {
  readonly encoding: WavEncoding;
  readonly channelCount: number;
  readonly sampleRateHz: number;
}

interface Chunk {
  readonly id: string;
  readonly declaredBytes: number;
}

/** Length of the samples; a streamed file ends where it ends. */
interface DataLength {
  readonly declaredBytes: number;
  readonly isStreamed: boolean;
}

/** A generator that asks for bytes and then returns. */
type Reading<Value> = Generator<typeof MORE_BYTES, Value>;

/**
 * Decodes a WAV file as its bytes come: PCM of 8, 16, 24 and 32 bits, float of 32 and 64, plain or
 * WAVE_FORMAT_EXTENSIBLE, any number of channels, RIFF or RF64; chunks it does not know are skipped. int16 samples come
 * out as exactly n / 32768. Any thread.
 * A streamed file (length 0 or absurd) is read to its end; a cut one as far as it goes, with `missingSamples`.
 * @throws AudioFormatError where the file is no WAV file, is compressed, or its header contradicts itself.
 */
export function* decodeWav(feed: ByteFeed): Decoding {
  const riffBytes = yield* readRiffHeader(feed);
  const {format, dataLength} = yield* findFormatAndData(feed, riffBytes);
  return yield* decodeSamples(feed, format, dataLength);
}

/** Whether the bytes begin as a WAV file does. Any thread. */
export function isWav(bytes: Uint8Array): boolean {
  if (bytes.byteLength < RIFF_HEADER_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return MAGICS.includes(readId(view, 0)) && readId(view, 8) === 'WAVE';
}

/** Decodes the data; what a streamed file does not hold is not missing. */
function* decodeSamples(
  feed: ByteFeed,
  format: WavFormat,
  {declaredBytes, isStreamed}: DataLength,
): Decoding {
  const {encoding, channelCount, sampleRateHz} = format;
  const strideBytes = WAV_SAMPLE_BYTES[encoding] * channelCount;
  const declaredSamples = Math.floor(declaredBytes / strideBytes);
  const blockSamples = Math.max(1, Math.min(BLOCK_SAMPLES, Math.floor(MAX_BLOCK_BYTES / strideBytes)));
  let startSample = 0;
  while (startSample < declaredSamples) {
    const wanted = Math.min(blockSamples, declaredSamples - startSample);
    yield* feed.fill(wanted * strideBytes);
    const count = Math.min(wanted, Math.floor(feed.unread.length / strideBytes));
    if (count === 0) break;
    const channels = deinterleave(feed.view(count * strideBytes), format, startSample);
    feed.advance(count * strideBytes);
    yield {sampleRateHz, startSample, channels};
    startSample += count;
  }
  return {sampleRateHz, channelCount, missingSamples: isStreamed ? 0 : declaredSamples - startSample};
}

/** Reads the first header and gives the length that it states, from its own end on. */
function* readRiffHeader(feed: ByteFeed): Reading<number> {
  const expected = 'a RIFF header of the form WAVE';
  if (!(yield* feed.fill(RIFF_HEADER_BYTES))) {
    throw new AudioFormatError(`${feed.unread.length} bytes`, expected);
  }
  const view = feed.view(RIFF_HEADER_BYTES);
  const [magic, form] = [readId(view, 0), readId(view, 8)];
  if (!isWav(feed.unread)) throw new AudioFormatError(`"${magic}" "${form}"`, expected);
  const riffBytes = view.getUint32(4, true);
  feed.advance(RIFF_HEADER_BYTES);
  return riffBytes;
}

/** Passes everything up to the samples. */
function* findFormatAndData(
  feed: ByteFeed,
  riffBytes: number,
): Reading<{format: WavFormat; dataLength: DataLength}> {
  let format: WavFormat | undefined;
  let longBytes: number | undefined; // of RF64
  while (yield* feed.fill(CHUNK_HEADER_BYTES)) {
    const chunk = readChunkHeader(feed);
    const end = feed.position + chunk.declaredBytes + (chunk.declaredBytes % 2);
    if (chunk.id === 'fmt ') format = yield* readFormat(feed, chunk);
    if (chunk.id === 'ds64') longBytes = yield* readLongLength(feed, chunk);
    if (chunk.id === 'data') {
      if (!format) throw new AudioFormatError('a data chunk first', 'a format chunk before it');
      return {format, dataLength: yield* findLength(feed, {riffBytes, longBytes, ...chunk})};
    }
    // A payload of odd length is followed by one byte of padding that its length does not count.
    yield* feed.skip(end - feed.position);
  }
  yield* feed.skip(feed.unread.length);
  throw new AudioFormatError(`${feed.position} bytes without one`, `a ${format ? 'data' : 'format'} chunk`);
}

/** How long the data are, by the three places that may say so. */
function* findLength(
  feed: ByteFeed,
  stated: {
    readonly declaredBytes: number;
    readonly longBytes: number | undefined;
    readonly riffBytes: number;
  },
): Reading<DataLength> {
  const {declaredBytes, longBytes, riffBytes} = stated;
  if (declaredBytes === LENGTH_IN_DS64 && longBytes !== undefined) {
    return {declaredBytes: longBytes, isStreamed: false};
  }
  if (declaredBytes > 0) return {declaredBytes, isStreamed: declaredBytes >= STREAMED_LENGTH_BYTES};
  const isStreamed = !(yield* isFinished(feed, riffBytes));
  return {declaredBytes: isStreamed ? Infinity : 0, isStreamed};
}

/** An empty recording that was finished states the length of the file; a streamed one could not know it. */
function* isFinished(feed: ByteFeed, riffBytes: number): Reading<boolean> {
  const trailerBytes = riffBytes + CHUNK_HEADER_BYTES - feed.position;
  if (trailerBytes < 0 || trailerBytes > MAX_TRAILER_BYTES) return false;
  return !(yield* feed.fill(trailerBytes + 1)) && feed.unread.length === trailerBytes;
}

function readChunkHeader(feed: ByteFeed): Chunk {
  const view = feed.view(CHUNK_HEADER_BYTES);
  const chunk = {id: readId(view, 0), declaredBytes: view.getUint32(4, true)};
  feed.advance(CHUNK_HEADER_BYTES);
  return chunk;
}

/** The length of the data in RF64: the second of its 64-bit numbers. */
function* readLongLength(feed: ByteFeed, {declaredBytes}: Chunk): Reading<number> {
  if (declaredBytes < DS64_BYTES || !(yield* feed.fill(DS64_BYTES))) {
    throw new AudioFormatError(`a ds64 chunk of ${declaredBytes} bytes`, `${DS64_BYTES} or more`);
  }
  const dataBytes = Number(feed.view(DS64_BYTES).getBigUint64(8, true));
  if (Number.isSafeInteger(dataBytes)) return dataBytes;
  throw new AudioFormatError(`${dataBytes} bytes of samples`, `at most ${Number.MAX_SAFE_INTEGER}`);
}

function* readFormat(feed: ByteFeed, {declaredBytes}: Chunk): Reading<WavFormat> {
  const usedBytes = Math.min(declaredBytes, EXTENSIBLE_FORMAT_BYTES);
  if (declaredBytes < FORMAT_BYTES || !(yield* feed.fill(usedBytes))) {
    throw new AudioFormatError(
      `a format chunk of ${declaredBytes} bytes, ${feed.unread.length} left in the file`,
      `${FORMAT_BYTES} or more`,
    );
  }
  const view = feed.view(usedBytes);
  const channelCount = view.getUint16(2, true);
  const sampleRateHz = view.getUint32(4, true);
  const blockBytes = view.getUint16(12, true);
  const encoding = findEncoding(readTag(view), view.getUint16(14, true));
  const expectedBlockBytes = WAV_SAMPLE_BYTES[encoding] * channelCount;
  checkSampleRate(sampleRateHz);
  if (channelCount === 0) throw new AudioFormatError('0 channels', '1 or more');
  if (blockBytes !== expectedBlockBytes) {
    throw new AudioFormatError(
      `blocks of ${blockBytes} bytes`,
      `${expectedBlockBytes} for ${channelCount} channels of ${encoding}`,
    );
  }
  return {encoding, channelCount, sampleRateHz};
}

/** The format tag; of WAVE_FORMAT_EXTENSIBLE the one in its subtype. */
function readTag(view: DataView): number {
  const tag = view.getUint16(0, true);
  if (tag !== TAG_EXTENSIBLE) return tag;
  if (view.byteLength < EXTENSIBLE_FORMAT_BYTES) {
    throw new AudioFormatError(
      `an extensible format chunk of ${view.byteLength} bytes`,
      `${EXTENSIBLE_FORMAT_BYTES} or more`,
    );
  }
  const suffix = Array.from({length: 14}, (_, index) =>
    view
      .getUint8(26 + index)
      .toString(16)
      .padStart(2, '0'),
  ).join('');
  if (suffix !== SUBTYPE_SUFFIX) {
    throw new AudioFormatError(`an unknown extensible subtype (…${suffix})`, 'PCM or float');
  }
  return view.getUint16(24, true);
}

function findEncoding(tag: number, bitsPerSample: number): WavEncoding {
  if (tag === TAG_PCM) {
    if (bitsPerSample === 8) return 'uint8';
    if (bitsPerSample === 16 || bitsPerSample === 24 || bitsPerSample === 32) return `int${bitsPerSample}`;
    throw new AudioFormatError(`PCM of ${bitsPerSample} bits`, '8, 16, 24 or 32 bits');
  }
  if (tag === TAG_FLOAT) {
    if (bitsPerSample === 32 || bitsPerSample === 64) return `float${bitsPerSample}`;
    throw new AudioFormatError(`float of ${bitsPerSample} bits`, '32 or 64 bits');
  }
  const name = OTHER_TAGS[tag] ?? 'an unknown encoding';
  throw new AudioFormatError(`${name} (format tag 0x${tag.toString(16)})`, 'PCM or float samples');
}

function readId(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(offset + index)));
}
