import {describe, expect, it} from 'vitest';
import {AudioFormatError} from '../../../src/formats/audio-format-error.ts';
import {isWav} from '../../../src/formats/wav.ts';
import {readWav} from '../../support/whole-audio.ts';
import {wavFile, type WavForm} from '../../support/wav-forms.ts';

const PCM16: WavForm = {bitsPerSample: 16};
const bytesOf = (array: Int16Array | Int32Array | Float32Array | Float64Array): Uint8Array =>
  new Uint8Array(array.buffer);
const int24Bytes = (values: readonly number[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => [value & 255, (value >> 8) & 255, (value >> 16) & 255]));

function refusalOf(bytes: Uint8Array): AudioFormatError {
  try {
    readWav(bytes);
  } catch (error) {
    if (error instanceof AudioFormatError) return error;
    throw error;
  }
  throw new Error('expected a refusal, and the file was read');
}

describe('readWav reads every plain encoding', () => {
  it('scales all 65,536 int16 values by exactly 1 / 32768', () => {
    const values = Int16Array.from({length: 65_536}, (_, index) => index - 32_768);
    const {channels, sampleRateHz, missingSamples} = readWav(wavFile(PCM16, bytesOf(values)));
    expect(channels).toHaveLength(1);
    expect(channels[0]).toEqual(Float32Array.from(values, (value) => value / 32_768));
    expect([sampleRateHz, missingSamples]).toEqual([16_000, 0]);
  });

  it('takes 8-bit samples as unsigned around 128', () => {
    const {channels} = readWav(wavFile({bitsPerSample: 8}, Uint8Array.of(0, 64, 128, 192, 255)));
    expect(channels[0]).toEqual(Float32Array.of(-1, -0.5, 0, 0.5, 127 / 128));
  });

  it('reads 24-bit samples exactly, the extremes included', () => {
    const values = [-8_388_608, -1, 0, 1, 65_535, -65_536, 1_234_567, 8_388_607];
    const {channels} = readWav(wavFile({bitsPerSample: 24}, int24Bytes(values)));
    expect(channels[0]).toEqual(Float32Array.from(values, (value) => value / 8_388_608));
  });

  it('reads 32-bit samples to within float32’s rounding', () => {
    const values = Int32Array.of(-2_147_483_648, -1, 0, 1 << 20, 2_147_483_647);
    const {channels} = readWav(wavFile({bitsPerSample: 32}, bytesOf(values)));
    expect(channels[0]).toEqual(Float32Array.from(values, (value) => value / 2_147_483_648));
  });

  it('keeps float samples as they are, beyond full scale too', () => {
    const values = Float32Array.of(-1.5, -0.25, 0, 0.1, 2);
    const form: WavForm = {formatTag: 3, bitsPerSample: 32};
    expect(readWav(wavFile(form, bytesOf(values))).channels[0]).toEqual(values);
  });

  it('rounds 64-bit float samples to 32 bits', () => {
    const values = Float64Array.of(-0.3, 0.1, 1 / 3);
    const form: WavForm = {formatTag: 3, bitsPerSample: 64};
    expect(readWav(wavFile(form, bytesOf(values))).channels[0]).toEqual(Float32Array.from(values));
  });

  it('takes interleaved channels apart', () => {
    const form: WavForm = {bitsPerSample: 16, channelCount: 3};
    const {channels} = readWav(wavFile(form, bytesOf(Int16Array.of(1, 2, 3, 4, 5, 6))));
    expect(channels.map((samples) => Array.from(samples, (sample) => sample * 32_768))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
  });

  it.each([
    [1, 16],
    [1, 24],
    [3, 32],
  ])('reads WAVE_FORMAT_EXTENSIBLE with format tag %i of %i bits', (formatTag, bitsPerSample) => {
    const data = Uint8Array.from({length: 240}, (_, index) => (index % 4 === 3 ? 0x3f : index));
    const plain = readWav(wavFile({formatTag, bitsPerSample}, data));
    expect(readWav(wavFile({formatTag, bitsPerSample, isExtensible: true}, data))).toEqual(plain);
  });

  it.each([1000, 8000, 11_025, 44_100, 48_000, 192_000, 384_000])(
    'accepts a rate of %i Hz',
    (sampleRateHz) => {
      expect(readWav(wavFile({...PCM16, sampleRateHz}, new Uint8Array(4))).sampleRateHz).toBe(sampleRateHz);
    },
  );

  it('reads a file that lies within a larger buffer', () => {
    const file = wavFile(PCM16, bytesOf(Int16Array.of(7, -7)));
    const padded = new Uint8Array(file.length + 5);
    padded.set(file, 3);
    expect(readWav(padded.subarray(3, 3 + file.length))).toEqual(readWav(file));
  });
});

describe('readWav finds its way among chunks', () => {
  it('skips unknown chunks and the padding byte after those of odd length', () => {
    const extraChunks = [
      ['LIST', Uint8Array.of(1, 2, 3)],
      ['fact', Uint8Array.of(4, 5, 6, 7)],
      ['odd!', Uint8Array.of(9)],
    ] as const;
    const file = wavFile({...PCM16, extraChunks}, bytesOf(Int16Array.of(5, 6)));
    expect(Array.from(readWav(file).channels[0] ?? [], (sample) => sample * 32_768)).toEqual([5, 6]);
  });

  it('does not take what follows the data for samples', () => {
    const trailer = Buffer.from('LIST\x04\x00\x00\x00INFO', 'latin1');
    const {channels, missingSamples} = readWav(wavFile({...PCM16, trailer}, bytesOf(Int16Array.of(1, 2))));
    expect([channels[0]?.length, missingSamples]).toEqual([2, 0]);
  });

  it('reads a finished recording of no samples as empty', () => {
    const trailer = Buffer.from('LIST\x04\x00\x00\x00INFO', 'latin1');
    expect(readWav(wavFile({...PCM16, trailer}, new Uint8Array(0))).channels).toEqual([new Float32Array(0)]);
  });

  it.each([
    ['ffmpeg', 0xffff_ffff, 0xffff_ffff],
    ['arecord', 0x7fff_ffff, 0x8000_0023],
    ['SoX', 0x7fff_f000, 0x7fff_f024],
    ['one that writes zeros', 0, 0],
  ])('reads a file streamed by %s to its end', (_, statedDataBytes, statedRiffBytes) => {
    const form: WavForm = {...PCM16, statedDataBytes, statedRiffBytes};
    const {channels, missingSamples} = readWav(wavFile(form, bytesOf(Int16Array.of(1, 2, 3))));
    expect([channels[0]?.length, missingSamples]).toEqual([3, 0]);
  });

  it('reads a cut file as far as it goes and counts what is missing', () => {
    const whole = wavFile({...PCM16, channelCount: 2}, bytesOf(new Int16Array(200)));
    const {channels, missingSamples} = readWav(whole.subarray(0, whole.length - 102));
    expect([channels[0]?.length, channels[1]?.length, missingSamples]).toEqual([74, 74, 26]);
  });
});

describe('readWav refuses, with got and expected', () => {
  const data = new Uint8Array(24);
  it.each<[string, WavForm, RegExp]>([
    ['A-law', {formatTag: 6, bitsPerSample: 8}, /got A-law .*expected PCM or float/],
    ['an unknown encoding', {formatTag: 0x1234, bitsPerSample: 16}, /format tag 0x1234/],
    ['12-bit PCM', {bitsPerSample: 12, blockBytes: 2}, /got PCM of 12 bits, expected 8, 16, 24 or 32 bits/],
    ['16-bit float', {formatTag: 3, bitsPerSample: 16}, /got float of 16 bits/],
    ['no channels', {bitsPerSample: 16, channelCount: 0}, /got 0 channels/],
    ['blocks that do not fit', {bitsPerSample: 16, blockBytes: 3}, /got blocks of 3 bytes, expected 2 for 1/],
    ['a rate of 0', {bitsPerSample: 16, sampleRateHz: 0}, /got a rate of 0 Hz, expected 1000 to 384000 Hz/],
    ['a rate of 999 Hz', {bitsPerSample: 16, sampleRateHz: 999}, /got a rate of 999 Hz/],
    ['a rate of 384,001 Hz', {bitsPerSample: 16, sampleRateHz: 384_001}, /got a rate of 384001 Hz/],
  ])('%s', (_, form, message) => {
    const refusal = refusalOf(wavFile(form, data));
    expect(refusal.code).toBe('audio-format');
    expect(refusal.message).toMatch(message);
  });

  it('an extensible format chunk without its extension or with a foreign subtype', () => {
    const file = wavFile({...PCM16, isExtensible: true}, data);
    const foreign = file.with(12 + 8 + 30, 0x55);
    expect(refusalOf(foreign).message).toMatch(/unknown extensible subtype/);
    const plainTagged = wavFile({...PCM16, formatTag: 0xfffe}, data);
    expect(refusalOf(plainTagged).message).toMatch(
      /extensible format chunk of 16 bytes, expected 40 or more/,
    );
  });

  it('a float sample that is not a number, naming where it stands', () => {
    const form: WavForm = {formatTag: 3, bitsPerSample: 32};
    const file = wavFile(form, bytesOf(Float32Array.of(0, NaN, 0)));
    expect(refusalOf(file).message).toBe('got NaN as sample 1, expected finite samples');
  });

  it('what is no WAV file, or ends before its samples', () => {
    expect(refusalOf(new Uint8Array(3)).message).toMatch(/got 3 bytes/);
    expect(refusalOf(new Uint8Array(100)).message).toMatch(/expected a RIFF header of the form WAVE/);
    const file = wavFile(PCM16, data);
    expect(refusalOf(file.subarray(0, 12)).message).toMatch(/expected a format chunk/);
    expect(refusalOf(file.subarray(0, 30)).message).toMatch(/format chunk of 16 bytes, 10 left in the file/);
    expect(refusalOf(file.subarray(0, 40)).message).toMatch(/expected a data chunk/);
  });

  it('data before the format', () => {
    const file = wavFile(PCM16, data);
    const swapped = Buffer.concat([file.subarray(0, 12), file.subarray(36), file.subarray(12, 36)]);
    expect(refusalOf(swapped).message).toBe('got a data chunk first, expected a format chunk before it');
  });
});

describe('isWav', () => {
  it('looks at the magic and the form, not only at the magic', () => {
    const file = wavFile(PCM16, new Uint8Array(2));
    expect(isWav(file)).toBe(true);
    expect(isWav(file.with(8, 0x41))).toBe(false); // RIFF "AAVE"
    expect(isWav(file.subarray(0, 11))).toBe(false);
  });
});
