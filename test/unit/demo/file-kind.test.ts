import {expect, test} from 'vitest';
import {fileKind} from '../../../src/demo/file-kind.ts';

const ZIP = Uint8Array.of(0x50, 0x4b, 3, 4);
const PICKLE = Uint8Array.of(0x80, 2);
const LANGUAGE_MODEL = new TextEncoder().encode('ENGM');

test.each([
  ['talk.MP3', '', ZIP, 'recording'],
  ['talk', 'audio/ogg', ZIP, 'recording'],
  ['film.mkv', 'video/x-matroska', ZIP, 'recording'],
  ['words.bin', 'application/octet-stream', LANGUAGE_MODEL, 'language-model'],
  ['words.bin', '', new Uint8Array(), 'language-model'],
  ['pytorch_model.bin', 'application/octet-stream', ZIP, 'checkpoint'],
  ['old.BIN', '', PICKLE, 'checkpoint'],
  ['final.pth', '', PICKLE, 'checkpoint'],
  ['model.pt', '', ZIP, 'checkpoint'],
  ['trained_model.zip', 'application/zip', ZIP, 'checkpoint'],
  ['net.tflite', '', ZIP, 'weights'],
  ['net.safetensors', '', ZIP, 'weights'],
  ['whatever', '', ZIP, 'weights'],
] as const)('%s of type "%s" that begins with %s is taken for: %s', async (name, type, bytes, kind) => {
  expect(await fileKind(new File([bytes], name, {type}))).toBe(kind);
});
