import {readFileSync} from 'node:fs';
import {readAudioFile} from '../../src/formats/audio-file.ts';

/** The first channel of a WAV or FLAC file. */
export function readMono(path: string): Float32Array {
  const [mono] = readAudioFile(readFileSync(path)).channels;
  if (!mono) throw new Error(`${path}: got no channel, expected one`);
  return mono;
}
