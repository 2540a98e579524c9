import type {MORE_BYTES} from './byte-feed.ts';
import type {DecodedAudio} from './decoded-audio.ts';

/** A stretch of an audio file: some thousand samples, in FLAC a frame of at most 65,536. */
export interface AudioBlock {
  readonly sampleRateHz: number;
  /** Index of its first sample in the file. */
  readonly startSample: number;
  /** One array per channel, all of one length. */
  readonly channels: readonly Float32Array[];
}

/** What a decoder says at the end of a file. */
export interface DecodingEnd {
  readonly sampleRateHz: number;
  readonly channelCount: number;
  /** As in {@link DecodedAudio}. */
  readonly missingSamples: number;
}

/**
 * A decoder at work: yields blocks as the bytes of its feed complete them, or asks for more bytes. The same code
 * reads a file that is there as a whole, which never asks, and one that comes in pieces.
 * Throws AudioFormatError where the file is not of its format or damaged, after the blocks before the damage.
 */
export type Decoding = Generator<AudioBlock | typeof MORE_BYTES, DecodingEnd>;

/** Runs a decoder whose feed holds the whole file, and joins its blocks. */
export function decodeWhole(decoding: Decoding): DecodedAudio {
  const blocks: AudioBlock[] = [];
  for (;;) {
    const {done, value} = decoding.next();
    if (done) return joinBlocks(blocks, value);
    if (typeof value === 'object') blocks.push(value);
  }
}

function joinBlocks(
  blocks: readonly AudioBlock[],
  {sampleRateHz, channelCount, missingSamples}: DecodingEnd,
): DecodedAudio {
  const last = blocks.at(-1);
  const length = last ? last.startSample + (last.channels[0]?.length ?? 0) : 0;
  const channels = Array.from({length: channelCount}, () => new Float32Array(length));
  for (const block of blocks) {
    channels.forEach((samples, channel) => {
      const piece = block.channels[channel];
      if (piece) samples.set(piece, block.startSample);
    });
  }
  return {sampleRateHz, channels, missingSamples};
}
