import {AudioFormatError} from './audio-format-error.ts';
import {ByteFeed} from './byte-feed.ts';
import type {DecodedAudio} from './decoded-audio.ts';
import {decodeWhole, type Decoding} from './decoding.ts';
import {decodeFlac, isFlac} from './flac.ts';
import {decodeWav, isWav} from './wav.ts';

/** Beginnings of files that people try, so that the refusal can name them. */
const OTHER_MAGICS: readonly (readonly [magic: string, name: string])[] = [
  ['OggS', 'an Ogg file (Opus, Vorbis)'],
  ['ID3', 'an MP3 file'],
  ['RIFX', 'a big-endian RIFX file'],
  ['FORM', 'an AIFF file'],
  ['\u001aE\u00df\u00a3', 'a WebM or Matroska file'],
];

/** Bytes from which the format of a file can be told. */
export const SNIFFED_BYTES = 12;

/**
 * Reads a whole audio file, WAV or FLAC, told apart by its first bytes and not by its name. Any thread.
 * @throws AudioFormatError where it is neither, or damaged.
 */
export function readAudioFile(bytes: Uint8Array): DecodedAudio {
  return decodeWhole(decoderFor(bytes)(new ByteFeed(bytes)));
}

/**
 * The decoder of the file that begins with these bytes, all of them or at least {@link SNIFFED_BYTES}.
 * @throws AudioFormatError where it is neither WAV nor FLAC, with the name of what it is where that is known.
 */
export function decoderFor(beginning: Uint8Array): (feed: ByteFeed) => Decoding {
  if (isWav(beginning)) return decodeWav;
  if (isFlac(beginning)) return decodeFlac;
  throw new AudioFormatError(describeBeginning(beginning), 'a WAV or FLAC file');
}

function describeBeginning(bytes: Uint8Array): string {
  if (bytes.byteLength === 0) return 'an empty file';
  const beginning = String.fromCharCode(...bytes.subarray(0, 4));
  const known = OTHER_MAGICS.find(([magic]) => beginning.startsWith(magic));
  if (known) return known[1];
  const hex = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0'));
  return `a file that begins with ${hex.join(' ')}`;
}
