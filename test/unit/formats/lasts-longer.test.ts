import {readFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {describe, expect, it} from 'vitest';
import {lastsLonger} from '../../../src/formats/lasts-longer.ts';
import {repositoryPath} from '../../support/repository.ts';

const fixture = (path: string): Buffer<ArrayBuffer> =>
  Buffer.from(readFileSync(repositoryPath(`test/fixtures/${path}`)));
/** Two hours of silence at a low bit rate. */
const longFile = (name: string): Blob => new Blob([gunzipSync(fixture(`long/${name}.gz`))]);
const {signal} = new AbortController();

const HALF_AN_HOUR = 30 * 60;

describe('a file of two hours', () => {
  it.each(['long.mp3', 'long.ogg', 'long.m4a', 'long.webm', 'long.aac'])(
    'lasts longer than 30 minutes, and not than two hours: %s',
    async (name) => {
      const file = longFile(name);
      expect(await lastsLonger(file, HALF_AN_HOUR, signal)).toBe(true);
      expect(await lastsLonger(file, 2 * 60 * 60 - 1, signal)).toBe(true);
      expect(await lastsLonger(file, 2 * 60 * 60 + 1, signal)).toBe(false);
    },
  );

  it.each(['no-duration.mp3', 'no-duration.webm', 'no-duration.m4a'])(
    'is measured where nothing in it states how long it is: %s',
    async (name) => {
      expect(await lastsLonger(longFile(name), HALF_AN_HOUR, signal)).toBe(true);
      expect(await lastsLonger(longFile(name), 2 * 60 * 60 + 1, signal)).toBe(false);
    },
  );
});

describe('a short file', () => {
  it.each(['mp3', 'ogg', 'm4a', 'webm'])('lasts as long as its packets: %s', async (format) => {
    const file = new Blob([fixture(`speech/words.${format}`)]); // 4.2 s
    expect(await lastsLonger(file, 4, signal)).toBe(true);
    expect(await lastsLonger(file, 4.5, signal)).toBe(false);
  });

  it('is not believed where it states a length of hours', async () => {
    const bytes = fixture('speech/words.mp3');
    const frameCountOffset = bytes.indexOf('Info') + 8; // after the tag's name and flags
    expect(bytes.readUInt32BE(frameCountOffset)).toBeLessThan(200);
    bytes.writeUInt32BE(1_000_000, frameCountOffset);
    expect(await lastsLonger(new Blob([bytes]), 5, signal)).toBe(false);
  });
});

describe('a file that is none of these', () => {
  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['text', Buffer.from('not audio at all')],
    ['a damaged MP3', Buffer.concat([Buffer.from('ID3'), Buffer.alloc(500)])],
    ['an MP4 that ends in its header', fixture('speech/words.m4a').subarray(0, 40)],
    ['an Ogg file that ends in its header', fixture('speech/words.ogg').subarray(0, 40)],
  ])('is left to the decoder: %s', async (_what, bytes) => {
    expect(await lastsLonger(new Blob([bytes]), 1, signal)).toBe(false);
  });

  it('is left at once where the signal aborts', async () => {
    const reason = new Error('enough');
    const file = longFile('no-duration.mp3');
    await expect(lastsLonger(file, HALF_AN_HOUR, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const measuring = lastsLonger(file, HALF_AN_HOUR, controller.signal);
    controller.abort(reason);
    await expect(measuring).rejects.toBe(reason);
  });
});
