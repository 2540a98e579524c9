import {describe, expect, it} from 'vitest';
import {ClipClassifier} from '../../../src/pipeline/clip-classifier.ts';
import {KeywordClassifier} from '../../../src/pipeline/keyword-classifier.ts';
import {fakeKeywordSystem, fakeModel} from '../../support/fake-keyword-system.ts';
import {seededRandom} from '../../support/prng.ts';

/** Classifies clips with a network that remembers the features it is given, and returns those. */
function recorder() {
  let seen = new Float32Array(0);
  const model = fakeModel((features) => {
    seen = features.slice();
    return Float32Array.of(0, 0, 1, 0);
  });
  const clips = new ClipClassifier(new KeywordClassifier(fakeKeywordSystem, model));
  return async (samples: Float32Array | readonly Float32Array[], sampleRateHz = 16_000) => {
    const channels = samples instanceof Float32Array ? [samples] : samples;
    await clips.classify({channels, sampleRateHz}, new Float32Array(4));
    return seen;
  };
}

const noise = seededRandom(7).samples(24_000, 0.5);

describe('ClipClassifier', () => {
  it('gives the network 49 frames of the first second', async () => {
    const featuresOf = recorder();
    const features = await featuresOf(noise.slice(0, 16_000));
    expect(features).toHaveLength(490);
    expect(features.every(Number.isFinite)).toBe(true);
    expect(new Set(features).size).toBeGreaterThan(400);
  });

  it('cuts a longer clip and follows a shorter one with zeros', async () => {
    const featuresOf = recorder();
    expect(await featuresOf(noise)).toEqual(await featuresOf(noise.slice(0, 16_000)));
    const padded = new Float32Array(16_000);
    padded.set(noise.subarray(0, 9000));
    expect(await featuresOf(noise.slice(0, 9000))).toEqual(await featuresOf(padded));
  });

  it('does not let one clip leave anything behind for the next, shorter one', async () => {
    const featuresOf = recorder();
    const alone = await recorder()(noise.slice(0, 5000));
    await featuresOf(noise);
    expect(await featuresOf(noise.slice(0, 5000))).toEqual(alone);
  });

  it('averages channels', async () => {
    const featuresOf = recorder();
    const mono = await featuresOf(noise.slice(0, 16_000));
    const left = noise.slice(0, 16_000).map((sample) => sample * 2);
    expect(await featuresOf([left, new Float32Array(16_000)])).toEqual(mono);
  });

  it('puts a clip of another rate at the same place: a 1 kHz burst gives nearly the same features', async () => {
    const featuresOf = recorder();
    const burst = (rateHz: number): Float32Array =>
      Float32Array.from({length: rateHz}, (_, index) => {
        const seconds = index / rateHz;
        const envelope = Math.exp(-(((seconds - 0.5) / 0.1) ** 2));
        return 0.5 * envelope * Math.sin(2 * Math.PI * 1000 * seconds) + 0.001 * Math.sin(300 * seconds);
      });
    const wanted = await featuresOf(burst(16_000));
    const got = await featuresOf(burst(48_000), 48_000);
    // c0 of the frames inside the burst; outside, both are down at numerical noise
    for (let frame = 15; frame < 34; frame++) expect(got[frame * 10]).toBeCloseTo(wanted[frame * 10] ?? 0, 0);
  });
});
