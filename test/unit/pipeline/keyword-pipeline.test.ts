import {describe, expect, it} from 'vitest';
import type {KeywordHit} from '../../../src/decode/keyword-detector.ts';
import type {Model} from '../../../src/engine/engine.ts';
import {KeywordClassifier} from '../../../src/pipeline/keyword-classifier.ts';
import {KeywordPipeline, type KeywordPipelineOptions} from '../../../src/pipeline/keyword-pipeline.ts';
import type {KeywordSystem} from '../../../src/systems/keyword-system.ts';
import {fakeKeywordSystem, fakeModel, loudIsYes} from '../../support/fake-keyword-system.ts';
import {seededRandom} from '../../support/prng.ts';

interface Setup {
  readonly model: Model;
  readonly options?: Partial<KeywordPipelineOptions>;
}

function setUp({model, options}: Setup) {
  const hits: KeywordHit[] = [];
  const ends: number[] = [];
  const pipeline = new KeywordPipeline(
    new KeywordClassifier(fakeKeywordSystem, model),
    {
      onKeyword: (hit) => hits.push(hit),
      onPosteriors: (_, endSample) => ends.push(endSample),
    },
    {inputRateHz: 16000, clock: () => performance.now(), ...options},
  );
  let position = 0;
  const accept = (samples: Float32Array): void => {
    const audio = {samples, stride: samples.length, channelCount: 1, sampleCount: samples.length};
    pipeline.accept(audio, position);
    position += samples.length;
  };
  const feed = async (samples: Float32Array, chunkLength: number): Promise<void> => {
    for (let start = 0; start < samples.length; start += chunkLength) {
      accept(samples.slice(start, start + chunkLength));
      await pipeline.drain();
    }
  };
  return {pipeline, hits, ends, accept, feed};
}

/** Silence with bursts of noise: [start, end) in seconds. */
function bursts(seconds: number, spans: readonly (readonly [number, number])[]): Float32Array {
  const random = seededRandom(11);
  return Float32Array.from({length: seconds * 16000}, (_, sample) =>
    spans.some(([start, end]) => sample >= start * 16000 && sample < end * 16000)
      ? random.between(-0.5, 0.5)
      : 0,
  );
}

describe('detections', () => {
  it('come once for each utterance, in order and at their places', async () => {
    const {feed, hits} = setUp({model: loudIsYes});
    await feed(
      bursts(8, [
        [1.5, 2],
        [4.5, 5],
      ]),
      341,
    );
    expect(hits.map(({keyword}) => keyword)).toEqual(['yes', 'yes']);
    const [first, second] = hits;
    const distance = ((second?.endSample ?? 0) - (first?.endSample ?? 0)) / 16000;
    expect(distance).toBeCloseTo(3, 1);
  });

  it('are the same for 10 ms, 37 ms and 250 ms pieces', async () => {
    const samples = bursts(6, [[2, 2.6]]);
    const runs = await Promise.all(
      [160, 592, 4000].map(async (chunkLength) => {
        const {feed, hits} = setUp({model: loudIsYes});
        await feed(samples, chunkLength);
        return hits;
      }),
    );
    expect(runs[0]).toHaveLength(1);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
  });

  it('leave out keywords that were not asked for', async () => {
    const {feed, hits} = setUp({model: loudIsYes, options: {keywords: ['no']}});
    await feed(bursts(4, [[1.5, 2]]), 400);
    expect(hits).toEqual([]);
  });
});

describe('the hop', () => {
  it('is one window every 100 ms', async () => {
    const {feed, ends} = setUp({model: loudIsYes});
    await feed(bursts(2, []), 160);
    expect(ends).toEqual(Array.from({length: 11}, (_, hop) => 16000 + hop * 1600));
  });

  it('is lengthened while audio waits, and comes back', async () => {
    const {pipeline, accept, feed} = setUp({model: loudIsYes});
    for (let chunk = 0; chunk < 19; chunk++) accept(new Float32Array(1600));
    await pipeline.drain();
    expect(pipeline.stats.hopMs).toBeGreaterThan(100);
    expect(pipeline.stats.droppedSamples).toBe(0);
    await feed(new Float32Array(16000), 160);
    expect(pipeline.stats.hopMs).toBe(100);
  });
});

describe('the smoothing', () => {
  /** Hears "yes" in every other window. */
  const alternating = (): Model => {
    let calls = 0;
    return fakeModel(() => new Float32Array(++calls % 2 === 0 ? [0, 0, 1, 0] : [1, 0, 0, 0]));
  };
  const smoothedYes = async (
    hopMs: number,
    smoothingMs?: number,
    system: KeywordSystem = fakeKeywordSystem,
  ): Promise<number[]> => {
    const heard: number[] = [];
    const pipeline = new KeywordPipeline(
      new KeywordClassifier(system, alternating()),
      {onKeyword: () => undefined, onPosteriors: (posteriors) => heard.push(posteriors[2] ?? NaN)},
      {inputRateHz: 16000, clock: () => 0, hopMs, ...(smoothingMs !== undefined && {smoothingMs})},
    );
    for (let start = 0; start < 24_000; start += 160) {
      const samples = new Float32Array(160);
      pipeline.accept({samples, stride: 160, channelCount: 1, sampleCount: 160}, start);
      await pipeline.drain();
    }
    return heard;
  };

  it('spans the time asked for, at the hop that frames allow', async () => {
    const heard = await smoothedYes(30, 80); // the hop becomes 40 ms, two frames: two windows, not three
    expect(heard.slice(1).every((yes) => yes === 0.5)).toBe(true);
  });

  it('spans the time on the card where none is asked for', async () => {
    const {card} = fakeKeywordSystem;
    const defaults = {...card.defaults, smoothingMs: 80};
    const heard = await smoothedYes(40, undefined, {...fakeKeywordSystem, card: {...card, defaults}});
    expect(heard.slice(1).every((yes) => yes === 0.5)).toBe(true);
  });

  it('spans no more time while the hop is lengthened', async () => {
    const heard: {readonly hopMs: number; readonly yes: number}[] = [];
    const pipeline: KeywordPipeline = new KeywordPipeline(
      new KeywordClassifier(fakeKeywordSystem, alternating()),
      {
        onKeyword: () => undefined,
        onPosteriors: (posteriors) => heard.push({hopMs: pipeline.stats.hopMs, yes: posteriors[2] ?? NaN}),
      },
      {inputRateHz: 16000, clock: () => 0},
    );
    for (let start = 0; start < 32_000; start += 1600) {
      const samples = new Float32Array(1600);
      pipeline.accept({samples, stride: 1600, channelCount: 1, sampleCount: 1600}, start);
    }
    await pipeline.drain();
    const late = heard.filter(({hopMs}) => hopMs >= 300);
    expect(late.length).toBeGreaterThan(0);
    for (const {yes} of late) expect([0, 1]).toContain(yes);
  });
});

describe('a slow network', () => {
  it('never runs twice at once', async () => {
    let running = 0;
    let most = 0;
    const model = fakeModel(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
      return new Float32Array([1, 0, 0, 0]);
    });
    const {pipeline, accept} = setUp({model});
    const drains: Promise<void>[] = [];
    for (let chunk = 0; chunk < 40; chunk++) {
      accept(new Float32Array(800));
      drains.push(pipeline.drain());
    }
    await Promise.all(drains);
    expect(most).toBe(1);
    expect(pipeline.stats.inferenceCount).toBeGreaterThan(1);
  });

  it('drops the oldest audio and says how much', async () => {
    let release: () => void = () => undefined;
    const model = fakeModel(async () => {
      await new Promise<void>((resolve) => (release = resolve));
      return new Float32Array([1, 0, 0, 0]);
    });
    const {pipeline, accept} = setUp({model});
    for (let chunk = 0; chunk < 10; chunk++) accept(new Float32Array(1600));
    const draining = pipeline.drain();
    for (let chunk = 0; chunk < 30; chunk++) accept(new Float32Array(1600));
    expect(pipeline.stats.droppedSamples).toBeGreaterThan(15_000);
    const stopped = pipeline.stop();
    release();
    await draining;
    await stopped;
  });
});

describe('ending', () => {
  it('reports nothing after stop, not even what was under way', async () => {
    const {pipeline, accept, hits, ends} = setUp({model: loudIsYes, options: {smoothingMs: 100}});
    for (let chunk = 0; chunk < 15; chunk++) accept(bursts(0.1, [[0, 1]]));
    const draining = pipeline.drain();
    await pipeline.stop();
    await draining;
    expect({hits, ends}).toEqual({hits: [], ends: []});
  });

  it('follows an error of the engine, which drain rejects with', async () => {
    const model = fakeModel(() => Promise.reject(new Error('the engine broke')));
    const {pipeline, accept, ends} = setUp({model});
    for (let chunk = 0; chunk < 12; chunk++) accept(new Float32Array(1600));
    await expect(pipeline.drain()).rejects.toThrow('the engine broke');
    await pipeline.drain();
    expect(ends).toEqual([]);
  });
});

it('measures latency from the arrival of the last sample of the word', async () => {
  let nowMs = 0;
  const latencies: number[] = [];
  const pipeline = new KeywordPipeline(
    new KeywordClassifier(fakeKeywordSystem, loudIsYes),
    {
      onKeyword: (hit, latencyMs) => {
        latencies.push(latencyMs);
        expect(latencyMs).toBeCloseTo(nowMs - (hit.endSample * 1000) / 16000, 6);
      },
    },
    {inputRateHz: 16000, clock: () => nowMs},
  );
  const samples = bursts(4, [[1.5, 2]]);
  for (let start = 0; start < samples.length; start += 160) {
    nowMs += 10; // real time: a chunk arrives when it has been spoken
    const chunk = samples.slice(start, start + 160);
    pipeline.accept({samples: chunk, stride: 160, channelCount: 1, sampleCount: 160}, start);
    await pipeline.drain();
  }
  expect(latencies).toHaveLength(1);
});
