import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {readAudioFile} from '../../../src/formats/audio-file.ts';
import {AudioFormatError} from '../../../src/formats/audio-format-error.ts';
import type {AudioSource} from '../../../src/formats/audio-source.ts';
import type {RandomAccess} from '../../../src/formats/random-access.ts';
import {streamAudioFile, type AudioProgress} from '../../../src/formats/audio-stream.ts';
import type {AudioBlock} from '../../../src/formats/decoding.ts';
import {mutate} from '../../support/mutate-bytes.ts';
import {seededRandom, type SeededRandom} from '../../support/prng.ts';
import {wavFile, type WavForm} from '../../support/wav-forms.ts';

const SEED = 61;
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/audio/${name}`, import.meta.url)));

/** A stream of these bytes in seeded pieces of up to `longest` bytes. */
function streamOf(bytes: Uint8Array, random: SeededRandom, longest: number): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset === bytes.length) {
        controller.close();
        return;
      }
      const end = Math.min(bytes.length, offset + random.integer(1, longest));
      controller.enqueue(bytes.slice(offset, end));
      offset = end;
    },
  });
}

/** What came out, joined, and the error that ended it, if one did. */
interface Outcome {
  readonly sampleRateHz: number;
  readonly channels: readonly (readonly number[])[];
  readonly error: unknown;
}

async function outcomeOf(source: AudioSource): Promise<Outcome> {
  const blocks: AudioBlock[] = [];
  let error: unknown;
  try {
    for await (const block of streamAudioFile(source)) blocks.push(block);
  } catch (thrown) {
    error = thrown;
  }
  let length = 0;
  for (const block of blocks) {
    expect(block.startSample).toBe(length);
    length += block.channels[0]?.length ?? 0;
  }
  const channels = (blocks[0]?.channels ?? []).map((_, channel) =>
    blocks.flatMap((block) => Array.from(block.channels[channel] ?? [])),
  );
  return {sampleRateHz: blocks[0]?.sampleRateHz ?? 0, channels, error};
}

const noise = (bytes: number): Uint8Array => {
  const random = seededRandom(SEED);
  return Uint8Array.from({length: bytes}, () => random.integer(0, 255));
};

const forms: readonly (readonly [string, WavForm])[] = [
  ['8 bits', {bitsPerSample: 8}],
  ['16 bits, 3 channels', {bitsPerSample: 16, channelCount: 3}],
  ['24 bits, extensible', {bitsPerSample: 24, channelCount: 2, isExtensible: true}],
  ['32 bits', {bitsPerSample: 32}],
  ['streamed, of length 0', {bitsPerSample: 16, statedDataBytes: 0, statedRiffBytes: 0}],
  ['streamed, of an absurd length', {bitsPerSample: 16, statedDataBytes: 0xffff_ffff}],
  ['with chunks around', {bitsPerSample: 16, extraChunks: [['odd!', noise(70_001)]], trailer: noise(300)}],
  ['empty and finished', {bitsPerSample: 16, statedDataBytes: 0}],
];

describe('a file in pieces', () => {
  const files: readonly (readonly [string, Uint8Array])[] = [
    ...forms.map(
      ([name, form]) => [name, wavFile(form, noise(name.startsWith('empty') ? 0 : 30_000))] as const,
    ),
    ...['yes.flac', 'noise.flac', 'stereo-24-bit.flac'].map((name) => [name, fixture(name)] as const),
  ];

  it.each(files)('gives the samples that it gives as a whole: %s', async (_, file) => {
    const whole = readAudioFile(file);
    const random = seededRandom(SEED);
    for (const longest of [7, 1000, 65_536]) {
      const {sampleRateHz, channels, error} = await outcomeOf(streamOf(file, random, longest));
      expect(error, `seed ${SEED}, pieces of up to ${longest}`).toBeUndefined();
      expect(sampleRateHz).toBe(channels.length > 0 ? whole.sampleRateHz : 0);
      if (channels.length > 0) expect(channels).toEqual(whole.channels.map((samples) => Array.from(samples)));
      else expect(whole.channels[0]).toHaveLength(0);
    }
  });

  it('may be a Blob as well, or anything that can be read', async () => {
    const file = fixture('yes.flac');
    const whole = readAudioFile(file).channels.map((samples) => Array.from(samples));
    expect((await outcomeOf(new Blob([file.slice()]))).channels).toEqual(whole);
    const reader: RandomAccess = {
      read: (offset, length) => Promise.resolve(file.slice(offset, offset + Math.min(length, 100))),
    };
    expect((await outcomeOf(reader)).channels).toEqual(whole);
  });

  it('gives what is whole of a cut file, then says so', async () => {
    const wav = wavFile({bitsPerSample: 16}, noise(30_000));
    for (const file of [wav.slice(0, 20_001), fixture('yes.flac').slice(0, -2000)]) {
      const whole = readAudioFile(file);
      expect(whole.missingSamples).toBeGreaterThan(0);
      const {channels, error} = await outcomeOf(streamOf(file, seededRandom(SEED), 500));
      expect(channels).toEqual(whole.channels.map((samples) => Array.from(samples)));
      expect(error).toBeInstanceOf(AudioFormatError);
      expect(String(error)).toContain(`cut (${whole.missingSamples} samples are missing at its end)`);
    }
  });

  it('is refused by name where it is neither WAV nor FLAC', async () => {
    const {error} = await outcomeOf(new Blob(['OggS and more than twelve bytes']));
    expect(String(error)).toMatch(/got an Ogg file \(Opus, Vorbis\), expected a WAV or FLAC file/);
    expect(String((await outcomeOf(new Blob([]))).error)).toMatch(/got an empty file/);
  });

  it(
    'comes to the same however it was damaged and cut up (300 seeded mutations)',
    {timeout: 60_000},
    async () => {
      const random = seededRandom(SEED);
      const originals = [
        wavFile({bitsPerSample: 16, channelCount: 2, isExtensible: true}, noise(4000)),
        rf64File(noise(4000)),
        fixture('noise.flac'),
      ];
      for (let round = 0; round < 300; round++) {
        const {kind, bytes} = mutate(random.pick(originals), [0, 4, 16, 20, 24, 32, 36, 40, 60, 64], random);
        const what = `seed ${SEED}, round ${round}: ${kind}`;
        const pieces = await outcomeOf(streamOf(bytes, random, random.pick([50, 3000, 100_000])));
        if (pieces.error !== undefined) expect(pieces.error, what).toBeInstanceOf(AudioFormatError);
        const whole = wholeOutcome(bytes);
        expect(pieces.error === undefined, what).toBe(whole.isWhole);
        if (whole.channels)
          expect(pieces.channels, what).toEqual(whole.channels.filter(({length}) => length > 0));
      }
    },
  );
});

/** What the file gives when it is read as a whole; no channels where it is refused. */
function wholeOutcome(bytes: Uint8Array): {isWhole: boolean; channels?: readonly (readonly number[])[]} {
  try {
    const {channels, missingSamples} = readAudioFile(bytes);
    return {isWhole: missingSamples === 0, channels: channels.map((samples) => Array.from(samples))};
  } catch (error) {
    expect(error).toBeInstanceOf(AudioFormatError);
    return {isWhole: false};
  }
}

/** 16-bit mono samples in RF64 (EBU Tech 3306), lengths in 64 bits. */
function rf64File(data: Uint8Array, statedDataBytes = data.length): Uint8Array {
  const plain = Buffer.from(wavFile({bitsPerSample: 16, statedDataBytes: 0xffff_ffff}, data));
  const ds64 = Buffer.alloc(36);
  ds64.write('ds64', 0, 'latin1');
  ds64.writeUInt32LE(28, 4);
  ds64.writeBigUInt64LE(BigInt(plain.length + 28), 8);
  ds64.writeBigUInt64LE(BigInt(statedDataBytes), 16);
  plain.write('RF64', 0, 'latin1');
  plain.writeUInt32LE(0xffff_ffff, 4);
  return new Uint8Array(Buffer.concat([plain.subarray(0, 12), ds64, plain.subarray(12)]));
}

describe('RF64', () => {
  it('states its length in 64 bits', () => {
    const data = noise(2000);
    const trailed = Buffer.concat([rf64File(data), Buffer.from('LIST\x04\x00\x00\x00INFO', 'latin1')]);
    const {channels, missingSamples} = readAudioFile(trailed);
    expect([channels[0]?.length, missingSamples]).toEqual([1000, 0]);
    expect(channels).toEqual(readAudioFile(wavFile({bitsPerSample: 16}, data)).channels);
  });

  it('of more than 4 GiB is missed what it lacks, and refused where it states the impossible', () => {
    expect(readAudioFile(rf64File(noise(2000), 5 * 2 ** 30)).missingSamples).toBe(5 * 2 ** 29 - 1000);
    expect(() => readAudioFile(rf64File(noise(2000), 2 ** 60))).toThrow(/expected at most 9007199254740991/);
  });
});

const HOURS = 3;
const RATE_HZ = 8000;
const HEADER_BYTES = 44;
const LONG_SAMPLES = HOURS * 3600 * RATE_HZ;

/** Three hours of 16-bit samples, each the low bits of its index, made as they are read. */
function longWav(onRead: (endOffset: number) => void): RandomAccess {
  const header = wavFile(
    {bitsPerSample: 16, sampleRateHz: RATE_HZ, statedDataBytes: 2 * LONG_SAMPLES},
    new Uint8Array(0),
  );
  const sizeBytes = HEADER_BYTES + 2 * LONG_SAMPLES;
  return {
    sizeBytes,
    read: (offset, length) => {
      const end = Math.min(sizeBytes, offset + length);
      onRead(end);
      if (offset === 0) return Promise.resolve(header);
      const samples = new Int16Array((end - offset) / 2);
      const first = (offset - HEADER_BYTES) / 2;
      for (let index = 0; index < samples.length; index++) samples[index] = first + index;
      return Promise.resolve(new Uint8Array(samples.buffer));
    },
  };
}

describe('three hours of WAV', () => {
  it('pass in bounded memory: a piece and a block ahead at most', {timeout: 240_000}, async () => {
    let readBytes = 0;
    let mostAhead = 0;
    let endSample = 0;
    const before = process.memoryUsage().arrayBuffers;
    let mostHeld = 0;
    for await (const {startSample, channels} of streamAudioFile(longWav((end) => (readBytes = end)))) {
      const [samples = new Float32Array(0)] = channels;
      expectIndexed(samples, startSample);
      mostAhead = Math.max(mostAhead, readBytes - (HEADER_BYTES + 2 * startSample));
      endSample = startSample + samples.length;
      if (startSample % 2 ** 20 === 0) {
        mostHeld = Math.max(mostHeld, process.memoryUsage().arrayBuffers - before);
      }
    }
    expect(endSample).toBe(LONG_SAMPLES);
    expect(mostAhead).toBeLessThanOrEqual(2 ** 16 + 2 * 4096);
    // what waits for the garbage collector, not what is needed; the file has 173 MB, its samples 346
    expect(mostHeld).toBeLessThan(150e6);
  });

  it('can be cancelled anywhere: nothing more is read', async () => {
    const controller = new AbortController();
    let readCount = 0;
    const source = longWav(() => readCount++);
    let blockCount = 0;
    const reading = (async () => {
      for await (const block of streamAudioFile(source, {signal: controller.signal})) {
        if (block.startSample >= 0 && ++blockCount === 100) controller.abort(new Error('enough'));
      }
    })();
    await expect(reading).rejects.toThrow('enough');
    expect(blockCount).toBe(100);
    expect(readCount).toBeLessThan(20);
  });
});

function expectIndexed(samples: Float32Array, startSample: number): void {
  for (const index of [0, samples.length >> 1, samples.length - 1]) {
    const expected = (((startSample + index) << 16) >> 16) / 32_768;
    if (samples[index] !== expected)
      expect.fail(`sample ${startSample + index}: got ${samples[index]}, expected ${expected}`);
  }
}

describe('a stream', () => {
  it('is cancelled at once by an abort though a read waits for ever', async () => {
    const controller = new AbortController();
    let cancelled: unknown;
    const stalled = new ReadableStream<Uint8Array>({cancel: (reason) => void (cancelled = reason)});
    const reading = streamAudioFile(stalled, {signal: controller.signal}).next();
    controller.abort(new Error('no patience'));
    await expect(reading).rejects.toThrow('no patience');
    expect(String(cancelled)).toContain('no patience');
  });

  it('is cancelled where the reader of its blocks stops', async () => {
    let isCancelled = false;
    const file = wavFile({bitsPerSample: 16}, noise(30_000));
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(file.slice()),
      cancel: () => void (isCancelled = true),
    });
    for await (const block of streamAudioFile(endless)) if (block.startSample === 0) break;
    expect(isCancelled).toBe(true);
  });

  it('is not begun where the signal is aborted already', async () => {
    const source: RandomAccess = {read: () => Promise.reject(new Error('was read'))};
    const reading = streamAudioFile(source, {signal: AbortSignal.abort(new Error('before'))}).next();
    await expect(reading).rejects.toThrow('before');
  });

  it('passes on what reading rejects with', async () => {
    const source: RandomAccess = {read: () => Promise.reject(new Error('the disk is gone'))};
    await expect(streamAudioFile(source).next()).rejects.toThrow('the disk is gone');
  });
});

describe('progress', () => {
  it('counts bytes up to the size of the file, where that is known', async () => {
    const file = wavFile({bitsPerSample: 16}, noise(200_000));
    const seen: AudioProgress[] = [];
    const read = async (source: AudioSource): Promise<void> => {
      const blocks = streamAudioFile(source, {onProgress: (progress) => seen.push(progress)});
      while (!(await blocks.next()).done);
    };
    await read(new Blob([file.slice()]));
    expect(seen.map(({loadedBytes}) => loadedBytes)).toEqual([65_536, 131_072, 196_608, 200_044]);
    expect(seen.every(({totalBytes}) => totalBytes === file.length)).toBe(true);
    seen.length = 0;
    await read(streamOf(file, seededRandom(SEED), 50_000));
    expect(seen.at(-1)).toEqual({loadedBytes: 200_044, totalBytes: undefined});
  });
});
