import {expect, test} from 'vitest';
import {TranscriptRecord} from '../../../src/components/transcript-record.ts';
import type {TranscriptUtterance} from '../../../src/transcript/transcript.ts';

const utterance = (text: string, startTime: number, endTime: number): TranscriptUtterance => ({
  text,
  confidence: 0.9,
  startTime,
  endTime,
  words: [{text, confidence: 0.9, startTime, endTime}],
});

test('utterances of one run keep their times', () => {
  const record = new TranscriptRecord();
  record.beginRun();
  const said = [utterance('one', 100, 400), utterance('two', 900, 1200)];
  for (const each of said) record.add(each);
  expect(record.utterances).toEqual(said);
});

test('each run goes on where the one before ended, words and all', () => {
  const record = new TranscriptRecord();
  for (const endTime of [400, 700, 300]) {
    record.beginRun();
    record.add(utterance('word', 100, endTime));
  }
  expect(record.utterances.map(({startTime, endTime}) => [startTime, endTime])).toEqual([
    [100, 400],
    [500, 1100],
    [1200, 1400],
  ]);
  expect(record.utterances[2]?.words[0]).toMatchObject({startTime: 1200, endTime: 1400});
});

test('a run of which nothing came leaves no gap', () => {
  const record = new TranscriptRecord();
  record.beginRun();
  record.add(utterance('word', 100, 400));
  record.beginRun();
  record.beginRun();
  record.add(utterance('word', 100, 400));
  expect(record.utterances[1]?.startTime).toBe(500);
});

test('after it was cleared it begins at 0 again, from the next run on', () => {
  const record = new TranscriptRecord();
  record.add(utterance('word', 100, 400));
  record.beginRun();
  record.clear();
  expect(record.utterances).toEqual([]);
  record.add(utterance('still of the second run', 100, 200));
  expect(record.utterances[0]?.startTime).toBe(500);
  record.clear();
  record.beginRun();
  record.add(utterance('third', 100, 200));
  expect(record.utterances[0]?.startTime).toBe(100);
});

test('an array that was handed out does not change any more', () => {
  const record = new TranscriptRecord();
  const before = record.utterances;
  record.add(utterance('word', 100, 400));
  expect(before).toEqual([]);
});
