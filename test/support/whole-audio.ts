import {ByteFeed} from '../../src/formats/byte-feed.ts';
import type {DecodedAudio} from '../../src/formats/decoded-audio.ts';
import {decodeWhole} from '../../src/formats/decoding.ts';
import {decodeFlac} from '../../src/formats/flac.ts';
import {decodeWav} from '../../src/formats/wav.ts';

/** Reads a whole file as WAV, whatever it begins with. */
export function readWav(bytes: Uint8Array): DecodedAudio {
  return decodeWhole(decodeWav(new ByteFeed(bytes)));
}

/** Reads a whole file as FLAC, whatever it begins with. */
export function readFlac(bytes: Uint8Array): DecodedAudio {
  return decodeWhole(decodeFlac(new ByteFeed(bytes)));
}
