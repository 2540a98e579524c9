import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {readAudioFile} from '../../../src/formats/audio-file.ts';
import {AudioFormatError} from '../../../src/formats/audio-format-error.ts';
import {isFlac} from '../../../src/formats/flac.ts';
import {seededRandom} from '../../support/prng.ts';
import {readFlac, readWav} from '../../support/whole-audio.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/audio/${name}`, import.meta.url)));

function refusalOf(read: () => unknown): AudioFormatError {
  try {
    read();
  } catch (error) {
    if (error instanceof AudioFormatError) return error;
    throw error;
  }
  throw new Error('expected a refusal, and the file was read');
}

describe('readFlac', () => {
  it.each([
    ['yes', 16_000, 1, 16_000],
    ['stereo-24-bit', 44_100, 2, 4410],
    ['noise', 8000, 1, 2400],
  ])(
    'decodes %s.flac to the samples FFmpeg got from it, bit for bit',
    (name, rateHz, channelCount, length) => {
      const decoded = readFlac(fixture(`${name}.flac`));
      expect(decoded.sampleRateHz).toBe(rateHz);
      expect(decoded.channels.map((samples) => samples.length)).toEqual(Array(channelCount).fill(length));
      expect(decoded).toEqual(readWav(fixture(`${name}.wav`)));
    },
  );

  it('scales int16 by exactly 1 / 32768, the lowest value to −1', () => {
    const samples = readFlac(fixture('noise.flac')).channels[0] ?? new Float32Array(0);
    expect(Math.min(...samples)).toBe(-1);
    expect(samples.every((sample) => Number.isInteger(sample * 32_768))).toBe(true);
  });

  it('reads a file whose encoder did not know its length to the end', () => {
    const file = fixture('yes.flac');
    const unknownLength = file.slice();
    unknownLength[21] = (file[21] ?? 0) & 0xf0; // the 36 bits of the sample count
    unknownLength.fill(0, 22, 26);
    expect(readFlac(unknownLength)).toEqual(readFlac(file));
  });

  it('leaves out a tag after the last frame', () => {
    const file = fixture('noise.flac');
    const tagged = Buffer.concat([file, Buffer.from('TAG'), Buffer.alloc(125)]);
    expect(readFlac(tagged)).toEqual(readFlac(file));
  });

  it('reads a cut file as far as it goes and counts what is missing', () => {
    const file = fixture('yes.flac');
    const whole = readFlac(file).channels[0] ?? new Float32Array(0);
    const cut = readFlac(file.subarray(0, file.length - 2000));
    const length = cut.channels[0]?.length ?? 0;
    expect(length).toBeGreaterThan(0);
    expect(cut.missingSamples).toBe(16_000 - length);
    expect(cut.missingSamples).toBeGreaterThan(0);
    expect(cut.channels[0]).toEqual(whole.subarray(0, length));
  });

  it('never returns wrong samples for a damaged file: 402 seeded changes are refused or leave the audio whole', () => {
    const random = seededRandom(20_261_121);
    for (const name of ['yes.flac', 'noise.flac', 'stereo-24-bit.flac']) {
      const file = fixture(name);
      const whole = readFlac(file);
      for (let change = 0; change < 134; change++) {
        const position = random.integer(42, file.length - 1);
        const damaged = file.with(position, (file[position] ?? 0) ^ random.integer(1, 255));
        expectWholeCutOrRefused(
          () => readFlac(damaged),
          whole,
          `${name} byte ${position}, seed ${random.seed}`,
        );
      }
    }
  });

  it('says what is wrong with a file that is none', () => {
    expect(refusalOf(() => readFlac(new Uint8Array(50))).message).toMatch(/expected "fLaC" at the beginning/);
    const file = fixture('yes.flac');
    expect(refusalOf(() => readFlac(file.subarray(0, 20))).message).toMatch(
      /got 20 bytes, expected metadata/,
    );
    expect(refusalOf(() => readFlac(file.with(4, 1))).message).toMatch(/expected a stream info block/);
    const damaged = file.with(file.length - 1000, (file[file.length - 1000] ?? 0) ^ 0xff);
    const refusal = refusalOf(() => readFlac(damaged));
    expect([refusal.code, refusal.message]).toEqual([
      'audio-format',
      expect.stringMatching(/damaged|expected/) as unknown,
    ]);
  });

  it('refuses 32 bits per sample by name', () => {
    const file = fixture('yes.flac').slice();
    file[20] = (file[20] ?? 0) | 1; // high bit of bits per sample − 1
    file[21] = (file[21] ?? 0) | 0xf0;
    expect(refusalOf(() => readFlac(file)).message).toBe('got 32 bits per sample, expected 4 to 24');
  });
});

function expectWholeCutOrRefused(read: () => unknown, whole: unknown, what: string): void {
  let decoded: unknown;
  try {
    decoded = read();
  } catch (error) {
    expect(error, what).toBeInstanceOf(AudioFormatError);
    return;
  }
  const {missingSamples, channels} = decoded as ReturnType<typeof readFlac>;
  const length = channels[0]?.length ?? 0;
  const {channels: wholeChannels} = whole as ReturnType<typeof readFlac>;
  expect(length + missingSamples, what).toBe(wholeChannels[0]?.length);
  channels.forEach((samples, channel) => {
    const expected = wholeChannels[channel]?.subarray(0, length);
    expect(
      samples.every((sample, index) => sample === expected?.[index]),
      what,
    ).toBe(true);
  });
}

describe('readAudioFile', () => {
  it('tells WAV and FLAC apart by their first bytes', () => {
    expect(readAudioFile(fixture('yes.flac'))).toEqual(readAudioFile(fixture('yes.wav')));
    expect(isFlac(fixture('yes.wav'))).toBe(false);
  });

  it.each([
    ['OggS', 'got an Ogg file (Opus, Vorbis), expected a WAV or FLAC file'],
    ['RIFX', 'got a big-endian RIFX file, expected a WAV or FLAC file'],
    ['ID3\x03', 'got an MP3 file, expected a WAV or FLAC file'],
    ['\x1aE\xdf\xa3', 'got a WebM or Matroska file, expected a WAV or FLAC file'],
    ['{"a"', 'got a file that begins with 7b 22 61 22, expected a WAV or FLAC file'],
    ['', 'got an empty file, expected a WAV or FLAC file'],
  ])('names a file that begins with %j', (beginning, message) => {
    expect(refusalOf(() => readAudioFile(Buffer.from(beginning, 'latin1'))).message).toBe(message);
  });
});
