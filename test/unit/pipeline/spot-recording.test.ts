import {describe, expect, it} from 'vitest';
import {KeywordClassifier} from '../../../src/pipeline/keyword-classifier.ts';
import {spotRecording} from '../../../src/pipeline/spot-recording.ts';
import {fakeKeywordSystem, loudIsYes} from '../../support/fake-keyword-system.ts';
import {seededRandom} from '../../support/prng.ts';

const classifier = new KeywordClassifier(fakeKeywordSystem, loudIsYes);
const options = {clock: () => performance.now()};

/** A 300 ms burst of noise at each time, digital silence between. */
function bursts(rateHz: number, seconds: number, timesS: readonly number[]): Float32Array {
  const samples = new Float32Array(seconds * rateHz);
  const noise = seededRandom(3).samples(0.3 * rateHz, 0.5);
  for (const time of timesS) samples.set(noise, Math.round(time * rateHz));
  return samples;
}

describe('spotRecording', () => {
  it('hears each burst once, in order, at the same place at every rate', async () => {
    for (const sampleRateHz of [8000, 16_000, 44_100, 96_000]) {
      const channels = [bursts(sampleRateHz, 8, [2, 5])];
      const {hits} = await spotRecording(classifier, {sampleRateHz, channels}, options);
      expect(
        hits.map(({keyword}) => keyword),
        `${sampleRateHz} Hz`,
      ).toEqual(['yes', 'yes']);
      const [first, second] = hits;
      expect(Math.abs((second?.endSample ?? 0) - (first?.endSample ?? 0) - 48_000)).toBeLessThan(1600);
    }
  });

  it('hears a word at the very end, because a microphone would go on', async () => {
    const channels = [bursts(16_000, 2.3, [2])];
    expect((await spotRecording(classifier, {sampleRateHz: 16_000, channels}, options)).hits).toHaveLength(1);
  });

  it('drops nothing and keeps the hop, however slow the clock says that inference is', async () => {
    let now = 0;
    const channels = [bursts(16_000, 5, [2])];
    const slow = {clock: () => (now += 500)};
    const {hits, stats} = await spotRecording(classifier, {sampleRateHz: 16_000, channels}, slow);
    expect([hits.length, stats.droppedSamples, stats.overrunSamples, stats.hopMs]).toEqual([1, 0, 0, 100]);
    expect(stats.inferenceCount).toBe(51); // windows end at 1.0, 1.1, … 6.0 s
  });

  it('averages channels and takes an empty recording for silence', async () => {
    const [samples] = [bursts(16_000, 5, [2])];
    const stereo = {sampleRateHz: 16_000, channels: [samples, new Float32Array(samples.length)]};
    expect((await spotRecording(classifier, stereo, options)).hits).toHaveLength(1);
    const empty = {sampleRateHz: 16_000, channels: [new Float32Array(0)]};
    expect((await spotRecording(classifier, empty, options)).hits).toEqual([]);
  });
});
