import {AudioFormatError} from './audio-format-error.ts';
import type {DecodedAudio} from './decoded-audio.ts';
import {isFlac, readFlac} from './flac.ts';
import {isWav, readWav} from './wav.ts';

/** Beginnings of files that people try, so that the refusal can name them. */
const OTHER_MAGICS: readonly (readonly [magic: string, name: string])[] = [
  ['OggS', 'an Ogg file (Opus, Vorbis)'],
  ['ID3', 'an MP3 file'],
  ['RF64', 'an RF64 file'],
  ['RIFX', 'a big-endian RIFX file'],
  ['FORM', 'an AIFF file'],
  ['\u001aE\u00df\u00a3', 'a WebM or Matroska file'],
];

/**
 * Reads an audio file, WAV or FLAC, told apart by its first bytes and not by its name. Any thread.
 * @throws AudioFormatError where it is neither, or damaged.
 */
export function readAudioFile(bytes: Uint8Array): DecodedAudio {
  if (isWav(bytes)) return readWav(bytes);
  if (isFlac(bytes)) return readFlac(bytes);
  throw new AudioFormatError(describeBeginning(bytes), 'a WAV or FLAC file');
}

function describeBeginning(bytes: Uint8Array): string {
  if (bytes.byteLength === 0) return 'an empty file';
  const beginning = String.fromCharCode(...bytes.subarray(0, 4));
  const known = OTHER_MAGICS.find(([magic]) => beginning.startsWith(magic));
  if (known) return known[1];
  const hex = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0'));
  return `a file that begins with ${hex.join(' ')}`;
}
