import {readFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {
  decodeAudioFile,
  MAX_DECODED_MINUTES,
  MAX_FILE_BYTES,
  sniffBrowserFormat,
  type DecodedFile,
  type DecodeOptions,
} from '../../../src/capture/decode-audio-file.ts';
import {repositoryPath} from '../../support/repository.ts';

/** Stands in for the browser's decoder: what it is asked for, and what it gives. */
const browser = {
  durationSeconds: 2,
  rates: [] as number[],
  decode: (): Promise<unknown> => Promise.resolve(browser.buffer()),
  buffer: () => ({
    duration: browser.durationSeconds,
    sampleRate: browser.rates.at(-1),
    numberOfChannels: 2,
    getChannelData: (channel: number) => Float32Array.of(channel, 0.5),
  }),
};
const usualDecode = browser.decode;

class FakeOfflineAudioContext {
  constructor({sampleRate}: {sampleRate: number}) {
    if (sampleRate < 3000) throw new DOMException('out of range', 'NotSupportedError');
    browser.rates.push(sampleRate);
  }

  decodeAudioData(): Promise<unknown> {
    return browser.decode();
  }
}

beforeEach(() => {
  Object.assign(browser, {durationSeconds: 2, rates: [], decode: usualDecode});
  vi.stubGlobal('OfflineAudioContext', FakeOfflineAudioContext);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const decode = (file: Blob, options: Partial<DecodeOptions> = {}): Promise<DecodedFile> =>
  decodeAudioFile(file, {lastsLonger: () => Promise.resolve(false), ...options});

const fileOf = (...beginning: readonly number[]): Blob =>
  new Blob([Uint8Array.from(beginning), new Uint8Array(20)]);
const latin1 = (text: string): readonly number[] => Array.from(text, (character) => character.charCodeAt(0));
const mp3 = fileOf(...latin1('ID3\u0004'));

describe('the format of a file', () => {
  it.each([
    ['MP3', latin1('ID3\u0003')],
    ['MP3', [0xff, 0xfb, 0x90, 0x64]],
    ['MP3', [0xff, 0xf3, 0x40, 0xc0]],
    ['AAC', [0xff, 0xf1, 0x50, 0x80]],
    ['Ogg', latin1('OggS\u0000\u0002')],
    ['MP4', latin1('\u0000\u0000\u0000\u001cftypM4A ')],
    ['WebM', latin1('\u001aE\u00df\u00a3')],
    [undefined, latin1('RIFF....WAVE')],
    [undefined, latin1('fLaC')],
    [undefined, [0xff, 0xfe, 0x41, 0x00]], // a text in UTF-16
    [undefined, [0xff, 0xeb, 0x90, 0x64]], // a version of MPEG that there is not
    [undefined, []],
  ])('is %s by its first bytes %j', async (format, bytes) => {
    expect(await sniffBrowserFormat(fileOf(...bytes))).toBe(format);
  });

  it('leaves WAV and FLAC files to the worker', async () => {
    for (const name of ['yes.wav', 'yes.flac']) {
      const file = new Blob([readFileSync(repositoryPath(`test/fixtures/audio/${name}`))]);
      expect(await sniffBrowserFormat(file)).toBeUndefined();
      await expect(decode(file)).rejects.toMatchObject({
        code: 'audio-format',
        message: 'got a file of another format, expected MP3, AAC, Ogg, MP4 or WebM',
      });
    }
  });
});

describe('a file that the browser decodes', () => {
  it('comes at 16 kHz, or at the rate asked for, channel by channel', async () => {
    expect(await decode(mp3)).toEqual({
      sampleRateHz: 16_000,
      channels: [Float32Array.of(0, 0.5), Float32Array.of(1, 0.5)],
    });
    expect((await decode(mp3, {sampleRateHz: 48_000})).sampleRateHz).toBe(48_000);
  });

  it('may last half an hour, and not a tenth of a second longer', async () => {
    browser.durationSeconds = MAX_DECODED_MINUTES * 60;
    await expect(decode(mp3)).resolves.toBeDefined();
    browser.durationSeconds = 45.5 * 60;
    await expect(decode(mp3)).rejects.toMatchObject({
      code: 'audio-format',
      message:
        'got a file that lasts longer than 30 minutes (MP3), expected at most 30 minutes: WAV and FLAC may be longer',
    });
    browser.durationSeconds = MAX_DECODED_MINUTES * 60 + 0.1;
    await expect(decode(mp3)).rejects.toMatchObject({code: 'audio-format'});
  });

  it('is refused before it is decoded where its packets last longer', async () => {
    browser.decode = () => Promise.reject(new Error('was decoded'));
    const lastsLonger = vi.fn(() => Promise.resolve(true));
    await expect(decode(mp3, {lastsLonger})).rejects.toMatchObject({
      code: 'audio-format',
      message:
        'got a file that lasts longer than 30 minutes (MP3), expected at most 30 minutes: WAV and FLAC may be longer',
    });
    expect(lastsLonger).toHaveBeenCalledExactlyOnceWith(mp3, MAX_DECODED_MINUTES * 60);
  });

  it('is not read where it has too many bytes', async () => {
    const large = {
      size: MAX_FILE_BYTES + 1,
      slice: () => mp3,
      arrayBuffer: () => Promise.reject(new Error('was read')),
    } as unknown as Blob;
    await expect(decode(large)).rejects.toThrow(
      'got a file of 72000001 bytes (MP3), expected at most 72000000',
    );
  });

  it('is refused with the reason of the browser where that cannot decode it', async () => {
    const cause = new DOMException('Unable to decode audio data', 'EncodingError');
    browser.decode = () => Promise.reject(cause);
    await expect(decode(mp3)).rejects.toMatchObject({
      name: 'SpeechError',
      code: 'audio-format',
      message: 'got a file that this browser cannot decode (MP3), expected one that it can',
      cause,
    });
  });

  it('is refused at a rate that the browser does not support', async () => {
    await expect(decode(mp3, {sampleRateHz: 100})).rejects.toThrow(RangeError);
  });

  it('is given up at once where the signal aborts', async () => {
    const controller = new AbortController();
    browser.decode = () => {
      controller.abort(new Error('enough'));
      return new Promise(() => undefined); // a decoder cannot be stopped
    };
    await expect(decode(mp3, {signal: controller.signal})).rejects.toThrow('enough');
    await expect(decode(mp3, {signal: controller.signal})).rejects.toThrow('enough');
    expect(browser.rates).toHaveLength(1);
  });
});
