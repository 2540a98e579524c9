import {AudioFormatError} from './audio-format-error.ts';
import {checkSampleRate, type DecodedAudio} from './decoded-audio.ts';
import {WAV_SAMPLE_BYTES, deinterleave, type WavEncoding} from './wav-samples.ts';

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const FORMAT_BYTES = 16;
const EXTENSIBLE_FORMAT_BYTES = 40;

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

interface WavFormat {
  readonly encoding: WavEncoding;
  readonly channelCount: number;
  readonly sampleRateHz: number;
}

interface Chunk {
  readonly id: string;
  readonly start: number; // of the payload
  readonly declaredBytes: number;
}

/**
 * Reads a WAV file: PCM of 8, 16, 24 and 32 bits, float of 32 and 64, plain or WAVE_FORMAT_EXTENSIBLE, any number of
 * channels; chunks it does not know are skipped. int16 samples come out as exactly n / 32768. Any thread.
 * A streamed file (length 0 or absurd) is read to its end; a cut one as far as it goes, with `missingSamples`.
 * @throws AudioFormatError where the file is no WAV file, is compressed, or its header contradicts itself.
 */
export function readWav(bytes: Uint8Array): DecodedAudio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkRiffHeader(view);
  const {format, data} = findFormatAndData(view);
  const {encoding, channelCount, sampleRateHz} = format;
  const presentBytes = view.byteLength - data.start;
  const declaredBytes = isStreamed(view, data) ? presentBytes : data.declaredBytes;
  const usedBytes = Math.min(declaredBytes, presentBytes);
  const strideBytes = WAV_SAMPLE_BYTES[encoding] * channelCount;
  const samples = new DataView(bytes.buffer, bytes.byteOffset + data.start, usedBytes);
  return {
    sampleRateHz,
    channels: deinterleave(samples, encoding, channelCount),
    missingSamples: Math.floor(declaredBytes / strideBytes) - Math.floor(usedBytes / strideBytes),
  };
}

/** Whether the bytes begin as a WAV file does. Any thread. */
export function isWav(bytes: Uint8Array): boolean {
  if (bytes.byteLength < RIFF_HEADER_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return readId(view, 0) === 'RIFF' && readId(view, 8) === 'WAVE';
}

function checkRiffHeader(view: DataView): void {
  const expected = 'a RIFF header of the form WAVE';
  if (view.byteLength < RIFF_HEADER_BYTES) throw new AudioFormatError(`${view.byteLength} bytes`, expected);
  const [magic, form] = [readId(view, 0), readId(view, 8)];
  if (magic !== 'RIFF' || form !== 'WAVE') throw new AudioFormatError(`"${magic}" "${form}"`, expected);
}

function findFormatAndData(view: DataView): {format: WavFormat; data: Chunk} {
  let format: WavFormat | undefined;
  let offset = RIFF_HEADER_BYTES;
  while (offset + CHUNK_HEADER_BYTES <= view.byteLength) {
    const chunk = readChunkHeader(view, offset);
    if (chunk.id === 'fmt ') format = readFormat(view, chunk);
    if (chunk.id === 'data') {
      if (!format) throw new AudioFormatError('a data chunk first', 'a format chunk before it');
      return {format, data: chunk};
    }
    // A payload of odd length is followed by one byte of padding that its length does not count.
    offset = chunk.start + chunk.declaredBytes + (chunk.declaredBytes % 2);
  }
  throw new AudioFormatError(`${view.byteLength} bytes without one`, `a ${format ? 'data' : 'format'} chunk`);
}

function readChunkHeader(view: DataView, offset: number): Chunk {
  return {
    id: readId(view, offset),
    start: offset + CHUNK_HEADER_BYTES,
    declaredBytes: view.getUint32(offset + 4, true),
  };
}

function readFormat(view: DataView, chunk: Chunk): WavFormat {
  const {start, declaredBytes} = chunk;
  if (declaredBytes < FORMAT_BYTES || start + declaredBytes > view.byteLength) {
    throw new AudioFormatError(
      `a format chunk of ${declaredBytes} bytes, ${view.byteLength - start} left in the file`,
      `${FORMAT_BYTES} or more`,
    );
  }
  const channelCount = view.getUint16(start + 2, true);
  const sampleRateHz = view.getUint32(start + 4, true);
  const blockBytes = view.getUint16(start + 12, true);
  const encoding = findEncoding(readTag(view, chunk), view.getUint16(start + 14, true));
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
function readTag(view: DataView, {start, declaredBytes}: Chunk): number {
  const tag = view.getUint16(start, true);
  if (tag !== TAG_EXTENSIBLE) return tag;
  if (declaredBytes < EXTENSIBLE_FORMAT_BYTES) {
    throw new AudioFormatError(
      `an extensible format chunk of ${declaredBytes} bytes`,
      `${EXTENSIBLE_FORMAT_BYTES} or more`,
    );
  }
  const suffix = Array.from({length: 14}, (_, index) =>
    view
      .getUint8(start + 26 + index)
      .toString(16)
      .padStart(2, '0'),
  ).join('');
  if (suffix !== SUBTYPE_SUFFIX) {
    throw new AudioFormatError(`an unknown extensible subtype (…${suffix})`, 'PCM or float');
  }
  return view.getUint16(start + 24, true);
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

function isStreamed(view: DataView, data: Chunk): boolean {
  const presentBytes = view.byteLength - data.start;
  if (data.declaredBytes > presentBytes) return data.declaredBytes >= STREAMED_LENGTH_BYTES;
  if (data.declaredBytes > 0) return false;
  // An empty recording that was finished properly states the length of the file; a streamed one could not know it.
  return view.getUint32(4, true) + CHUNK_HEADER_BYTES !== view.byteLength;
}

function readId(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(offset + index)));
}
