import {writeFileSync} from 'node:fs';

const HEADER_BYTES = 44;
const INT16_MAX = 32767;

/**
 * One channel of samples as a 16-bit PCM WAV file.
 * @param samples in [−1, 1]; what lies outside is clipped.
 */
export function encodeWav(samples: Float32Array, sampleRateHz: number): Uint8Array {
  const dataBytes = samples.length * 2;
  const file = Buffer.alloc(HEADER_BYTES + dataBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16); // bytes of the format chunk
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // channels
  file.writeUInt32LE(sampleRateHz, 24);
  file.writeUInt32LE(sampleRateHz * 2, 28); // bytes per second
  file.writeUInt16LE(2, 32); // bytes per sample of all channels
  file.writeUInt16LE(16, 34); // bits per sample
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(dataBytes, 40);
  samples.forEach((sample, index) => {
    const clipped = Math.max(-1, Math.min(1, sample));
    file.writeInt16LE(Math.round(clipped * INT16_MAX), HEADER_BYTES + index * 2);
  });
  return file;
}

/** Writes one channel of samples to a 16-bit PCM WAV file. */
export function writeWav(path: string, samples: Float32Array, sampleRateHz: number): void {
  writeFileSync(path, encodeWav(samples, sampleRateHz));
}

/** A stretch of digital silence. */
export function silence(durationMs: number, sampleRateHz: number): Float32Array {
  return new Float32Array(Math.round((durationMs * sampleRateHz) / 1000));
}

/** All pieces one after the other. */
export function concatenate(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    whole.set(piece, position);
    position += piece.length;
  }
  return whole;
}

/** Clips with silence between them, and where each begins. */
export interface ClipSequence {
  readonly samples: Float32Array;
  /** First sample of each clip, in the order given. */
  readonly clipStarts: readonly number[];
}

/**
 * Lays clips out in time: `gapMs` of silence before the first, between, and after the last.
 * A file meant as Chromium's microphone needs at least 500 ms at either end: capture starts up to 50 ms late,
 * and with `%noloop` the last 10 ms of the file are repeated for ever, so they must be silent.
 */
export function concatenateWithSilence(
  clips: readonly Float32Array[],
  gapMs: number,
  sampleRateHz: number,
): ClipSequence {
  const gap = silence(gapMs, sampleRateHz);
  const clipStarts: number[] = [];
  let position = gap.length;
  for (const clip of clips) {
    clipStarts.push(position);
    position += clip.length + gap.length;
  }
  return {samples: concatenate([gap, ...clips.flatMap((clip) => [clip, gap])]), clipStarts};
}
