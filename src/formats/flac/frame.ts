import {AudioFormatError} from '../audio-format-error.ts';
import type {BitReader} from './bit-reader.ts';
import {computeCrc16, computeCrc8} from './crc.ts';
import {decodeSubframe} from './subframe.ts';

const SYNC_CODE = 0x7ffc; // 15 bits; the 16th says whether block lengths vary, which makes no difference here
const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;
const MID_SIDE = 10;

/** Bits per sample by code; 0 takes the stream's own, undefined is reserved (RFC 9639, section 9.1.4). */
const SAMPLE_BITS: readonly (number | undefined)[] = [0, 8, 12, undefined, 16, 20, 24, 32];

/** What every frame of a stream has in common. */
export interface FrameFormat {
  readonly channelCount: number;
  readonly bitsPerSample: number;
}

interface FrameHeader {
  readonly blockLength: number;
  readonly channelAssignment: number;
}

/**
 * Decodes the frame at the reader's place and moves the reader past it (RFC 9639, section 9). Any thread.
 * @returns one array of block length per channel.
 * @throws AudioFormatError where a checksum does not fit, a code is reserved or the frame is not of this stream.
 * @throws EndOfDataError where the data end within the frame.
 */
export function decodeFrame(reader: BitReader, format: FrameFormat): Int32Array[] {
  const frameStart = reader.byteOffset;
  const {blockLength, channelAssignment} = readHeader(reader, format);
  const channels = Array.from({length: format.channelCount}, (_, channel) => {
    const samples = new Int32Array(blockLength);
    const extraBit = isSide(channelAssignment, channel) ? 1 : 0;
    decodeSubframe(reader, format.bitsPerSample + extraBit, samples);
    return samples;
  });
  reader.alignToByte();
  const computed = computeCrc16(reader.bytes, frameStart, reader.byteOffset);
  checkCrc('frame', reader.readUnsigned(16), computed);
  const [first, second] = channels;
  if (first && second) decorrelate(channelAssignment, first, second);
  return channels;
}

function readHeader(reader: BitReader, format: FrameFormat): FrameHeader {
  const start = reader.byteOffset;
  const sync = reader.readUnsigned(15);
  if (sync !== SYNC_CODE) throw new AudioFormatError(`0x${sync.toString(16)}`, 'a frame’s sync code');
  reader.readUnsigned(1);
  const blockCode = reader.readUnsigned(4);
  const rateCode = reader.readUnsigned(4);
  const channelAssignment = reader.readUnsigned(4);
  const bitsPerSample = SAMPLE_BITS[reader.readUnsigned(3)] ?? -1;
  reader.readUnsigned(1);
  skipCodedNumber(reader);
  const blockLength = readBlockLength(reader, blockCode);
  // The rate of a frame, stated in 8 or 16 further bits by these codes, is the stream's own.
  reader.readUnsigned(rateCode === 12 ? 8 : rateCode === 13 || rateCode === 14 ? 16 : 0);
  const computed = computeCrc8(reader.bytes, start, reader.byteOffset);
  checkCrc('frame header', reader.readUnsigned(8), computed);
  const channelCount = channelAssignment < LEFT_SIDE ? channelAssignment + 1 : 2;
  const hasStreamBits = bitsPerSample === 0 || bitsPerSample === format.bitsPerSample;
  if (channelAssignment > MID_SIDE || channelCount !== format.channelCount || !hasStreamBits) {
    throw new AudioFormatError(
      `a frame with channel assignment ${channelAssignment} of ${bitsPerSample} bits`,
      `${format.channelCount} channels of ${format.bitsPerSample} bits`,
    );
  }
  return {blockLength, channelAssignment};
}

/** Skips the number of the frame or sample, coded as UTF-8 codes characters, in 1 to 7 bytes. */
function skipCodedNumber(reader: BitReader): void {
  const leadingOnes = Math.clz32(~(reader.readUnsigned(8) << 24));
  if (leadingOnes === 1 || leadingOnes > 7) {
    throw new AudioFormatError(`a frame number with ${leadingOnes} leading ones`, '0 or 2 to 7');
  }
  for (let follower = 1; follower < leadingOnes; follower++) reader.readUnsigned(8);
}

function readBlockLength(reader: BitReader, code: number): number {
  if (code === 1) return 192;
  if (code >= 2 && code <= 5) return 144 << code;
  if (code === 6) return reader.readUnsigned(8) + 1;
  if (code === 7) return reader.readUnsigned(16) + 1;
  if (code >= 8) return 1 << code;
  throw new AudioFormatError('block length code 0', '1…15');
}

function checkCrc(what: string, stated: number, computed: number): void {
  if (stated === computed) return;
  throw new AudioFormatError(
    `a ${what} with checksum 0x${computed.toString(16)}`,
    `0x${stated.toString(16)} as it states (the file is damaged)`,
  );
}

/** Whether a channel holds the difference of two, which needs one bit more. */
function isSide(channelAssignment: number, channel: number): boolean {
  return channelAssignment === SIDE_RIGHT
    ? channel === 0
    : (channelAssignment === LEFT_SIDE || channelAssignment === MID_SIDE) && channel === 1;
}

/** Turns left/side, side/right and mid/side back to left/right, in place (RFC 9639, section 4.2). */
function decorrelate(channelAssignment: number, first: Int32Array, second: Int32Array): void {
  if (channelAssignment < LEFT_SIDE) return;
  for (let index = 0; index < first.length; index++) {
    const [a, b] = [first[index] ?? 0, second[index] ?? 0];
    if (channelAssignment === LEFT_SIDE) {
      second[index] = a - b;
    } else if (channelAssignment === SIDE_RIGHT) {
      first[index] = a + b;
    } else {
      const mid = (a << 1) | (b & 1); // the bit that halving the sum lost is the lowest of the difference
      first[index] = (mid + b) >> 1;
      second[index] = (mid - b) >> 1;
    }
  }
}
