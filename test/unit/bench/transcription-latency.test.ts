import {describe, expect, test} from 'vitest';
import {
  findFirstSample,
  findRecordingStart,
  measureLatencies,
  type LevelEvent,
} from '../../../bench/transcription/latency.ts';

describe('latencies', () => {
  const waits = [
    {partialMs: 1500, finalMs: 500},
    {partialMs: 1800, finalMs: 500},
  ];
  const spans = [
    {startMs: 1000, endMs: 5000},
    {startMs: 9000, endMs: 12_000},
  ];

  test('are from the start of speech to the first partial and from its end to the last final', () => {
    const texts = [
      {kind: 'partial', ms: 3000, audioMs: 700}, // captured from 100 ms on
      {kind: 'partial', ms: 4000, audioMs: 700},
      {kind: 'final', ms: 4500, audioMs: 3800}, // of a speaker who paused
      {kind: 'final', ms: 5800, audioMs: 5100},
      {kind: 'partial', ms: 11_500, audioMs: 8700},
      {kind: 'final', ms: 12_900, audioMs: 12_000},
    ] as const;
    expect(measureLatencies(spans, texts, 100, waits)).toEqual({
      firstPartials: [
        {ms: 2000, byDesignMs: 1300},
        {ms: 2500, byDesignMs: 1600},
      ],
      finals: [
        {ms: 800, byDesignMs: 700},
        {ms: 900, byDesignMs: 600},
      ],
    });
  });

  test('leave out spans without a text, and texts before any span', () => {
    const texts = [
      {kind: 'partial', ms: 10, audioMs: 0},
      {kind: 'final', ms: 12_700, audioMs: 12_000},
    ] as const;
    expect(measureLatencies(spans, texts, 0, waits)).toEqual({
      firstPartials: [],
      finals: [{ms: 700, byDesignMs: 500}],
    });
  });
});

test('the first sample is that of the buffer which took least', () => {
  const levels = [130, 121, 190].map((ms) => ({ms, levelDb: -30}));
  expect(findFirstSample(levels, 20)).toBe(81);
});

describe('the start of the recording', () => {
  /** A level every 20 ms; sound in the spans given, else silence. */
  function levelsOf(
    endMs: number,
    sounds: readonly (readonly [fromMs: number, untilMs: number])[],
  ): LevelEvent[] {
    return Array.from({length: endMs / 20}, (_, index) => {
      const ms = index * 20;
      const isSound = sounds.some(([fromMs, untilMs]) => ms >= fromMs && ms < untilMs);
      return {ms, levelDb: isSound ? -30 : -120};
    });
  }

  test('is that of the clip which took least', () => {
    const levels = levelsOf(12_000, [
      [2300, 5000],
      [8040, 9000],
    ]);
    // clips at 2 s and 8 s: one came after 300 ms, the other after 40
    expect(findRecordingStart(levels, [2000, 8000])).toBe(40);
  });

  test('is not led astray by a pause within a clip', () => {
    const levels = levelsOf(9000, [
      [2100, 4000],
      [4900, 6000],
    ]);
    expect(findRecordingStart(levels, [2000])).toBe(100);
  });

  test('cannot be had where there are not as many sounds as clips', () => {
    expect(() => findRecordingStart(levelsOf(5000, [[2000, 3000]]), [2000, 4000])).toThrow(
      'got 1 sounds after silence, expected 2',
    );
  });
});
