import {describe, expect, it} from 'vitest';
import {KeywordDetector} from '../../../src/decode/keyword-detector.ts';
import type {KeywordDetectorOptions, KeywordHit} from '../../../src/decode/keyword-detector.ts';
import {seededRandom} from '../../support/prng.ts';

const LABELS = ['_silence_', '_unknown_', 'yes', 'no', 'go', 'stop'] as const;
const HOP = 1600; // 100 ms at 16 kHz
const OPTIONS: KeywordDetectorOptions = {
  labels: LABELS,
  rejectLabels: ['_silence_', '_unknown_'],
  threshold: 0.8,
  refractorySamples: 12_000,
};

type Posteriors = Partial<Record<(typeof LABELS)[number], number>>;

/** What is not given goes to `_silence_`. */
function row(posteriors: Posteriors): Float32Array {
  const given = Object.values(posteriors).reduce((sum, value) => sum + value, 0);
  const filled: Posteriors = {_silence_: 1 - given, ...posteriors};
  return Float32Array.from(LABELS, (label) => filled[label] ?? 0);
}

/** Pushes one row per hop; window ends at HOP, 2·HOP, … */
function detect(detector: KeywordDetector, rows: readonly Posteriors[], firstHop = 1): readonly KeywordHit[] {
  return rows.flatMap((posteriors, index) => detector.push(row(posteriors), (firstHop + index) * HOP) ?? []);
}

function repeat(posteriors: Posteriors, count: number): readonly Posteriors[] {
  return Array.from({length: count}, () => posteriors);
}

/** A spoken word: its posterior rises, stays and falls. */
function word(label: keyof Posteriors, highHops = 4): readonly Posteriors[] {
  return [{[label]: 0.3}, ...repeat({[label]: 0.95}, highHops), {[label]: 0.3}, {}];
}

const keywordsOf = (hits: readonly KeywordHit[]): readonly string[] => hits.map((hit) => hit.keyword);

describe('KeywordDetector', () => {
  it('fires once for a word, at the first inference that reaches the threshold', () => {
    const detector = new KeywordDetector(OPTIONS);
    expect(detect(detector, [{}, {yes: 0.5}])).toEqual([]);
    const hit = detector.push(row({yes: 0.9}), 3 * HOP);
    expect(hit).toMatchObject({keyword: 'yes', index: 2, threshold: 0.8});
    expect(hit?.score).toBeCloseTo(0.9, 6);
    expect(detect(detector, repeat({yes: 0.9}, 5), 4)).toEqual([]);
  });

  it('fires at exactly the threshold and not below', () => {
    const half = {...OPTIONS, threshold: 0.5};
    expect(detect(new KeywordDetector(half), [{yes: 0.5, no: 0.2}])).toHaveLength(1);
    expect(detect(new KeywordDetector(half), [{yes: 0.499, no: 0.2}])).toHaveLength(0);
  });

  it('gives one event for one long word, however long', () => {
    expect(detect(new KeywordDetector(OPTIONS), repeat({stop: 0.99}, 200))).toHaveLength(1);
  });

  it('gives one event for a posterior that trembles around the threshold', () => {
    const trembling = Array.from({length: 40}, (_, hop) => ({go: hop % 2 === 0 ? 0.85 : 0.6}));
    expect(detect(new KeywordDetector(OPTIONS), trembling)).toHaveLength(1);
  });

  it('gives one event when the posterior drops out within the refractory time and comes back', () => {
    const rows = [...repeat({go: 0.9}, 2), {go: 0.1}, ...repeat({go: 0.9}, 4), ...repeat({}, 4)];
    expect(detect(new KeywordDetector(OPTIONS), rows)).toHaveLength(1);
  });

  it('gives the second of two equal words as soon as the refractory time is over, if it is still there', () => {
    const rows = [...repeat({go: 0.9}, 3), {go: 0.1}, ...repeat({go: 0.9}, 8)];
    const hits = detect(new KeywordDetector(OPTIONS), rows);
    expect(hits).toHaveLength(2);
    expect(hits[1]?.riseSample).toBeLessThan(6 * HOP); // where it rose, not when it was allowed
  });

  it('gives four events in order for four words spoken in a row', () => {
    const rows = (['yes', 'no', 'go', 'stop'] as const).flatMap((label) => word(label));
    expect(keywordsOf(detect(new KeywordDetector(OPTIONS), rows))).toEqual(['yes', 'no', 'go', 'stop']);
  });

  it('gives two events for the same word said twice', () => {
    const rows = [...word('no'), {}, {}, ...word('no')];
    expect(keywordsOf(detect(new KeywordDetector(OPTIONS), rows))).toEqual(['no', 'no']);
  });

  it('needs the posterior to fall before the same word counts again, even after the refractory time', () => {
    const dipTo = (low: number): readonly Posteriors[] => [
      ...repeat({no: 0.9}, 10),
      {no: low},
      ...repeat({no: 0.9}, 10),
    ];
    expect(detect(new KeywordDetector(OPTIONS), dipTo(0.45))).toHaveLength(1); // exit threshold: 0.4
    expect(detect(new KeywordDetector(OPTIONS), dipTo(0.35))).toHaveLength(2);
    expect(detect(new KeywordDetector({...OPTIONS, exitRatio: 0.25}), dipTo(0.35))).toHaveLength(1);
  });

  it('lets another keyword fire only after its shorter refractory time', () => {
    const rows = [{yes: 0.9}, ...repeat({no: 0.9}, 6)];
    const ends = (otherRefractorySamples: number): readonly number[] => {
      const detector = new KeywordDetector({...OPTIONS, otherRefractorySamples});
      return rows.flatMap((posteriors, index) => (detector.push(row(posteriors), index * HOP) ? index : []));
    };
    expect(ends(4800)).toEqual([0, 3]);
    expect(ends(1600)).toEqual([0, 1]);
  });

  it('does not fire while a reject label is larger', () => {
    const detector = new KeywordDetector({...OPTIONS, threshold: 0.3});
    expect(detect(detector, repeat({_unknown_: 0.6, yes: 0.4}, 5))).toEqual([]);
    expect(detect(detector, [{_unknown_: 0.4, yes: 0.6}], 6)).toHaveLength(1);
  });

  it('never reports a reject label', () => {
    expect(detect(new KeywordDetector(OPTIONS), repeat({_unknown_: 1}, 5))).toEqual([]);
  });

  it('reports only the keywords asked for, the others still compete', () => {
    const detector = new KeywordDetector({...OPTIONS, keywords: ['stop'], threshold: 0.3});
    expect(
      detect(detector, [...word('yes'), {yes: 0.5, stop: 0.4}, {yes: 0.1, stop: 0.4, _silence_: 0}]),
    ).toEqual([expect.objectContaining({keyword: 'stop'})]);
  });

  it('holds each keyword to its own threshold, changeable while listening', () => {
    const detector = new KeywordDetector({
      ...OPTIONS,
      keywords: ['yes', 'no'],
      threshold: {yes: 0.9, no: 0.5},
    });
    expect(keywordsOf(detect(detector, [{yes: 0.8}, {}, {no: 0.6}, {}]))).toEqual(['no']);
    detector.setThreshold(0.7);
    expect(detect(detector, [{yes: 0.8}], 10)).toMatchObject([{keyword: 'yes', threshold: 0.7}]);
  });

  it('hears the same word at once after a reset', () => {
    const detector = new KeywordDetector(OPTIONS);
    detect(detector, [{yes: 0.9}]);
    detector.reset();
    expect(detect(detector, [{yes: 0.9}])).toHaveLength(1);
  });

  it('lets a NaN posterior pass without an event', () => {
    expect(detect(new KeywordDetector(OPTIONS), [{yes: NaN}, {yes: NaN}])).toEqual([]);
  });
});

describe('the times of a hit', () => {
  const RISE_LEAD = 640;
  const times = {...OPTIONS, wordLengthSamples: 400};

  it('lie around where the posterior rose through the exit threshold, between two inferences', () => {
    // exit threshold 0.4 lies half way from 0.2 to 0.6, so half way from hop 1 to hop 2
    const middle = 1.5 * HOP + RISE_LEAD;
    expect(detect(new KeywordDetector(times), [{yes: 0.2}, {yes: 0.6}, {yes: 0.9}])).toMatchObject([
      {startSample: middle - 200, endSample: middle + 200},
    ]);
  });

  it('do not depend on when the threshold was reached', () => {
    const rows = [{yes: 0.2}, {yes: 0.6}, {yes: 0.72}, {yes: 0.82}, {yes: 0.95}];
    const starts = [0.7, 0.8, 0.9].map((threshold) => {
      const [hit] = detect(new KeywordDetector({...times, threshold, exitRatio: 0.4 / threshold}), rows);
      return hit?.startSample;
    });
    const expected = 1.5 * HOP + RISE_LEAD - 200;
    expect(starts).toEqual([expected, expected, expected]);
  });

  it('are earlier by the delay of the smoothing', () => {
    const detector = new KeywordDetector({...times, riseDelaySamples: 800});
    expect(detect(detector, [{yes: 0.2}, {yes: 0.6}, {yes: 0.9}])).toMatchObject([
      {startSample: 1.5 * HOP - 800 + RISE_LEAD - 200},
    ]);
  });

  it('stay within what was heard so far', () => {
    const detector = new KeywordDetector({...OPTIONS, wordLengthSamples: 100_000});
    expect(detect(detector, [{}, {yes: 0.9}])).toMatchObject([{startSample: 0, endSample: 2 * HOP}]);
  });

  it('place words of one shape by their distance, whatever the phase of the hop (seeded)', () => {
    const random = seededRandom(20_26);
    for (let trial = 0; trial < 200; trial++) {
      const starts = [random.between(20_000, 22_000), random.between(50_000, 60_000)];
      const detector = new KeywordDetector(OPTIONS);
      const hits: KeywordHit[] = [];
      for (let end = HOP; end < 100_000; end += HOP) {
        const [first, second] = starts.map((start) => trapezoid(end - start));
        const hit = detector.push(row({yes: first!, no: second!}), end);
        if (hit) hits.push(hit);
      }
      const [a, b] = hits.map((hit) => hit.startSample);
      const distance = (starts[1] ?? 0) - (starts[0] ?? 0);
      const error = Math.abs((b ?? NaN) - (a ?? NaN) - distance);
      expect(error, `seed ${random.seed}, trial ${trial}`).toBeLessThan(HOP / 2);
    }
  });
});

/** A posterior that rises over 300 ms, stays for 400 ms and falls. */
function trapezoid(samples: number): number {
  const rising = samples / 4800;
  const falling = (16_000 - samples) / 4800;
  return 0.98 * Math.max(0, Math.min(1, rising, falling));
}

describe('KeywordDetector refuses', () => {
  it.each([
    ['an unknown keyword', {keywords: ['maybe']}, /got "maybe", expected one of yes, no, go, stop/],
    ['a reject label as keyword', {keywords: ['_silence_']}, /got "_silence_"/],
    ['no keyword at all', {keywords: []}, /got none/],
    ['a threshold of 0', {threshold: 0}, /got 0, expected a number above 0, at most 1/],
    ['a threshold above 1', {threshold: 1.1}, /got 1.1/],
    ['a keyword without a threshold', {threshold: {yes: 0.5}}, /threshold of "no": got undefined/],
    ['a threshold for a stranger', {keywords: ['yes'], threshold: {yes: 0.5, maybe: 0.5}}, /"maybe"/],
    ['a negative refractory time', {refractorySamples: -1}, /got -1, expected 0 or more samples/],
    ['an exit ratio above 1', {exitRatio: 2}, /exitRatio: got 2/],
  ])('%s', (_, options, message) => {
    const create = (): KeywordDetector => new KeywordDetector({...OPTIONS, ...options});
    expect(create).toThrow(RangeError);
    expect(create).toThrow(message);
  });
});
