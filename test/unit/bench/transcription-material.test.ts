import {describe, expect, test} from 'vitest';
import {
  generateUtterances,
  recordingOf,
  shuffle,
  spanOfSpeech,
} from '../../../bench/transcription/material.ts';
import {seededRandom} from '../../support/prng.ts';
import {concatenate, silence} from '../../support/wav.ts';

const RATE_HZ = 16_000;
const noise = (ms: number): Float32Array => seededRandom(1).samples((ms * RATE_HZ) / 1000, 0.1);

test('shuffling keeps every value and gives the same order for the same seed', () => {
  const values = Array.from({length: 20}, (_, index) => index);
  const shuffled = shuffle(values, seededRandom(5));
  expect(shuffled).not.toEqual(values);
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(values);
  expect(shuffle(values, seededRandom(5))).toEqual(shuffled);
});

test('the span of speech lies where the sound is, to a frame', () => {
  const clip = concatenate([silence(500, RATE_HZ), noise(1000), silence(700, RATE_HZ)]);
  const {startMs, endMs} = spanOfSpeech(clip);
  expect(Math.abs(startMs - 500)).toBeLessThan(30);
  expect(Math.abs(endMs - 1500)).toBeLessThan(30);
});

test('generated utterances are of some eight seconds, the same for the same seed', () => {
  const utterances = generateUtterances(seededRandom(3));
  const seconds = utterances.map(({length}) => length / RATE_HZ);
  expect(Math.min(...seconds)).toBeGreaterThanOrEqual(8);
  expect(Math.max(...seconds)).toBeLessThan(10);
  // bytes, since comparing millions of samples one by one takes a minute on a busy machine
  const bytesOf = (samples: readonly Float32Array[]): Buffer =>
    Buffer.concat(samples.map((own) => Buffer.from(own.buffer)));
  expect(bytesOf(generateUtterances(seededRandom(3))).equals(bytesOf(utterances))).toBe(true);
  expect(bytesOf(generateUtterances(seededRandom(4))).equals(bytesOf(utterances))).toBe(false);
});

describe('a recording', () => {
  const utterances = [noise(1000), noise(1000), noise(1000)];

  test('takes utterances until it is long enough', () => {
    const seconds = (count: number): number =>
      recordingOf({what: 'noise', utterances}, count).length / RATE_HZ;
    expect(seconds(2)).toBeGreaterThan(2);
    expect(seconds(3)).toBeGreaterThan(seconds(2));
  });

  test('takes all where there are too few', () => {
    expect(recordingOf({what: 'noise', utterances}, 100).length).toBeLessThan(20 * RATE_HZ);
  });
});
