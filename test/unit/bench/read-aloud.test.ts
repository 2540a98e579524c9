import {expect, test} from 'vitest';
import {measureLatencies, onRecordingClock, textsOfClips} from '../../../bench/transcription/read-aloud.ts';

test('texts of a page come onto the clock of the recording by where utterances begin', () => {
  const known = [
    {kind: 'partial', text: 'a', ms: 2000, startMs: 1500},
    {kind: 'final', text: 'a', ms: 4000, startMs: 1500},
    {kind: 'final', text: 'b', ms: 9000, startMs: 6500},
  ] as const;
  // the page captured the recording from 40 ms after its start on, heard a third utterance, and one 10 ms later
  const texts = [
    {kind: 'final', text: 'a', ms: 7960, startMs: 1460},
    {kind: 'final', text: 'b', ms: 13_000, startMs: 6470},
    {kind: 'final', text: 'c', ms: 15_000, startMs: 11_460},
    {kind: 'final', text: 'd', ms: 16_000, startMs: 1460},
  ] as const;
  const [first, second] = onRecordingClock({texts, firstSampleMs: 4000}, {texts: known});
  expect(first).toEqual({kind: 'final', text: 'a', ms: 4000, startMs: 1500});
  expect(second?.startMs).toBe(6510);
});

test('a text counts for the clip during which its utterance began, or before which it began in the pause', () => {
  const clips = [
    {startMs: 1500, endMs: 3000, words: [{text: 'one', startMs: 2000, endMs: 2900}]},
    {startMs: 5000, endMs: 6000, words: [{text: 'two', startMs: 5500, endMs: 5900}]},
    {startMs: 8000, endMs: 9000, words: []},
  ];
  const texts = [
    {kind: 'partial', text: 'one', ms: 3300, startMs: 1300},
    {kind: 'final', text: 'one', ms: 6300, startMs: 1300}, // late, while the next clip is heard
    {kind: 'partial', text: 'two', ms: 6400, startMs: 4500},
    {kind: 'final', text: 'two', ms: 6700, startMs: 4500},
  ] as const;
  expect(measureLatencies({clips}, textsOfClips({clips}, texts, {pauseMs: 1500}))).toEqual({
    words: [
      {text: 'one', firstMs: 400, forGoodMs: 400},
      {text: 'two', firstMs: 500, forGoodMs: 500},
    ],
    finals: [3300, 700, NaN],
  });
});
