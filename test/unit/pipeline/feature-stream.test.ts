import {describe, expect, it} from 'vitest';
import {applyMfcc, createMfcc} from '../../../src/features/mfcc.ts';
import {MAX_CHUNK_SAMPLES} from '../../../src/pipeline/audio-queue.ts';
import {FeatureStream} from '../../../src/pipeline/feature-stream.ts';
import {fakeKeywordSystem} from '../../support/fake-keyword-system.ts';
import {seededRandom} from '../../support/prng.ts';

const {mfcc, frameCount} = fakeKeywordSystem;
const valueCount = frameCount * mfcc.coefficientCount;

function noise(sampleCount: number, seed: number): Float32Array {
  return seededRandom(seed).samples(sampleCount, 0.5);
}

function acceptMono(stream: FeatureStream, samples: Float32Array, firstSample: number): void {
  stream.accept({samples, stride: samples.length, channelCount: 1, sampleCount: samples.length}, firstSample);
}

/** Every window that a stream gives for audio that arrives in chunks of one length. */
function windowsOf(samples: Float32Array, chunkLength: number, hopFrames: number): Float32Array[] {
  const stream = new FeatureStream(fakeKeywordSystem, 16000);
  const windows: Float32Array[] = [];
  for (let start = 0; start < samples.length; start += chunkLength) {
    acceptMono(stream, samples.slice(start, start + chunkLength), start);
    const out = new Float32Array(valueCount);
    while (stream.nextWindowInto(out, hopFrames)) windows.push(out.slice());
  }
  return windows;
}

describe('the windows', () => {
  it('are those of the whole signal, frame by frame', () => {
    const samples = noise(20_000, 1);
    const [first, second] = windowsOf(samples, 128, 5);
    const plan = createMfcc(mfcc);
    const expected = new Float32Array((frameCount + 5) * mfcc.coefficientCount);
    for (let frame = 0; frame < frameCount + 5; frame++) {
      const start = frame * mfcc.hopLength;
      const window = samples.slice(start, start + mfcc.windowLength);
      applyMfcc(plan, window, expected, frame * mfcc.coefficientCount);
    }
    expect(first).toEqual(expected.slice(0, valueCount));
    expect(second).toEqual(expected.slice(5 * mfcc.coefficientCount));
  });

  it('do not depend on how the audio was cut', () => {
    const samples = noise(24_000, 2);
    const pieces = windowsOf(samples, 160, 5);
    expect(pieces.length).toBe(6);
    expect(windowsOf(samples, 592, 5)).toEqual(pieces);
    expect(windowsOf(samples, MAX_CHUNK_SAMPLES, 5)).toEqual(pieces);
  });

  it('average the channels', () => {
    const left = noise(MAX_CHUNK_SAMPLES, 3);
    const stereo = new Float32Array(2 * MAX_CHUNK_SAMPLES);
    stereo.set(left);
    stereo.set(
      left.map((sample) => -sample),
      MAX_CHUNK_SAMPLES,
    );
    const stream = new FeatureStream(fakeKeywordSystem, 16000);
    const chunk = {stride: MAX_CHUNK_SAMPLES, sampleCount: MAX_CHUNK_SAMPLES};
    stream.accept({samples: stereo, channelCount: 2, ...chunk}, 0);
    expect(stream.audio.levelDb).toBe(-120);
    stream.accept({samples: stereo, channelCount: 1, ...chunk}, MAX_CHUNK_SAMPLES);
    expect(stream.audio.levelDb).toBeGreaterThan(-20);
  });
});

describe('the newest frame', () => {
  it('is counted on over a gap, so that windows on either side are a whole window apart', () => {
    const stream = new FeatureStream(fakeKeywordSystem, 16000);
    const out = new Float32Array(valueCount);
    let position = 0;
    const untilWindow = (): number => {
      while (!stream.nextWindowInto(out, 5)) {
        acceptMono(stream, new Float32Array(320), position);
        position += 320;
      }
      return stream.newestFrame;
    };
    expect([untilWindow(), untilWindow()]).toEqual([frameCount - 1, frameCount + 4]);
    position += 320; // one frame is lost
    expect(untilWindow()).toBe(2 * frameCount + 4);
    expect(untilWindow()).toBe(2 * frameCount + 9);
  });
});

describe('time', () => {
  it("is counted at the model rate, the resampler's delay taken off", () => {
    const stream = new FeatureStream(fakeKeywordSystem, 48000);
    const out = new Float32Array(valueCount);
    for (let start = 0; start < 48_000 * 1.2; start += 4096)
      acceptMono(stream, new Float32Array(4096), start);
    expect(stream.nextWindowInto(out, 1)).toBe(true);
    const spannedSamples = (frameCount - 1) * mfcc.hopLength + mfcc.windowLength;
    expect(stream.windowEndSample).toBeLessThanOrEqual(spannedSamples);
    expect(stream.windowEndSample).toBeGreaterThan(spannedSamples - 100);
  });

  it('goes on after an overrun, which is counted and never bridged', () => {
    const stream = new FeatureStream(fakeKeywordSystem, 16000);
    const out = new Float32Array(valueCount);
    for (let start = 0; start < 12_000; start += 1000) acceptMono(stream, noise(1000, 4), start);
    for (let start = 20_000; start < 35_000; start += 1000) acceptMono(stream, noise(1000, 5), start);
    expect(stream.audio.overrunSamples).toBe(8000);
    expect(stream.nextWindowInto(out, 5)).toBe(false); // 15,000 samples since: less than a window
    acceptMono(stream, noise(1000, 6), 35_000);
    expect(stream.nextWindowInto(out, 5)).toBe(true);
    expect(stream.windowEndSample).toBe(20_000 + 16_000);
  });

  it('counts what an overrun cuts off unheard as dropped', () => {
    const stream = new FeatureStream(fakeKeywordSystem, 16000);
    const out = new Float32Array(valueCount);
    for (let start = 0; start < 17_000; start += 1000) acceptMono(stream, noise(1000, 4), start);
    expect(stream.nextWindowInto(out, 5)).toBe(true); // heard to 16,000
    acceptMono(stream, noise(1000, 5), 20_000);
    expect(stream.audio.droppedSamples).toBe(1000);
    acceptMono(stream, noise(1000, 5), 30_000);
    expect(stream.audio.droppedSamples).toBe(2000);
  });
});

describe('a late reader', () => {
  it('finds the newest two seconds, and the rest counted as dropped', () => {
    const stream = new FeatureStream(fakeKeywordSystem, 16000);
    const samples = noise(80_000, 7);
    for (let start = 0; start < samples.length; start += 1000) {
      acceptMono(stream, samples.slice(start, start + 1000), start);
    }
    expect(stream.audio.droppedSamples).toBe(48_000);
    const out = new Float32Array(valueCount);
    expect(stream.nextWindowInto(out, 5)).toBe(true);
    expect(stream.windowEndSample).toBe(48_000 + 16_000);
    const [expected] = windowsOf(samples.slice(48_000), 1000, 5);
    expect(out).toEqual(expected);
  });
});

it('refuses a chunk longer than its scratch buffers', () => {
  const stream = new FeatureStream(fakeKeywordSystem, 16000);
  expect(() => {
    acceptMono(stream, new Float32Array(MAX_CHUNK_SAMPLES + 1), 0);
  }).toThrow(RangeError);
});
