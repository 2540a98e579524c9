import {SpeechError} from '../protocol/speech-error.ts';

/**
 * Reads the visitor's own file as a whole. Any thread.
 * @throws SpeechError `model-integrity` where it is larger than allowed: then it is not read.
 */
export async function readOwnFile(file: Blob, maxBytes: number): Promise<Uint8Array> {
  if (file.size > maxBytes) {
    throw new SpeechError(
      'model-integrity',
      `got a file of ${String(file.size)} bytes, expected at most ${String(maxBytes)}`,
    );
  }
  return new Uint8Array(await file.arrayBuffer());
}
