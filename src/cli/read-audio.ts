import {readFile} from 'node:fs/promises';
import {readAudioFile} from '../formats/audio-file.ts';
import type {DecodedAudio} from '../formats/decoded-audio.ts';
import type {Output} from './command.ts';
import {namingFile} from './cli-error.ts';

/**
 * Reads an audio file; a file that was cut is used as far as it goes, with a warning.
 * @throws CliError that names the file, with code `audio-format` where it is not WAV or FLAC or is damaged.
 */
export async function readAudio(file: string, output: Output): Promise<DecodedAudio> {
  const audio = await namingFile(file, async () => readAudioFile(new Uint8Array(await readFile(file))));
  if (audio.missingSamples > 0) {
    output.warn(`${file}: cut, ${audio.missingSamples} samples are missing at its end`);
  }
  return audio;
}

/** How long a recording lasts, ms. */
export function durationMsOf({channels, sampleRateHz}: DecodedAudio): number {
  return ((channels[0]?.length ?? 0) * 1000) / sampleRateHz;
}
