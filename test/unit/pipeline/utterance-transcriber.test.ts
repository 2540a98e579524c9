import {expect, test} from 'vitest';
import type {LoadedTranscriber} from '../../../src/pipeline/load-transcriber.ts';
import {UtteranceTranscriber} from '../../../src/pipeline/utterance-transcriber.ts';
import {
  firstRowLogits,
  fakeWholeUtteranceModel,
  fakeWholeUtteranceSystem,
} from '../../support/fake-sequence-systems.ts';
import {
  FAKE_HOP,
  FAKE_LABELS,
  fakeTranscriptionModel,
  fakeTranscriptionSystem,
} from '../../support/fake-transcription-system.ts';

/** Hears an "a" wherever it is loud; an output is two rows. */
const loudIsA: LoadedTranscriber = {
  system: fakeTranscriptionSystem,
  model: fakeTranscriptionModel((rows) =>
    Float32Array.from({length: 20 * FAKE_LABELS.length}, (_, index) => {
      const isLoud = (rows[2 * Math.floor(index / FAKE_LABELS.length)] ?? 0) > 0.05;
      return index % FAKE_LABELS.length === (isLoud ? 0 : 3) ? 10 : 0;
    }),
  ),
  tokens: fakeTranscriptionSystem.card,
  words: undefined,
};
const START = 8000;
const loudRows = (rowCount: number, level: number): Float32Array =>
  new Float32Array(rowCount * FAKE_HOP).fill(level);

test('tells how far an utterance is heard, and where its last word ends on the timeline of the stream', async () => {
  const transcriber = new UtteranceTranscriber(loudIsA, {wantsPartials: true});
  transcriber.begin(START);
  transcriber.push(loudRows(60, 0));
  await transcriber.search(() => true);
  expect(transcriber.heardWords()).toBeUndefined();
  transcriber.push(loudRows(20, 0.5));
  transcriber.push(loudRows(200, 0));
  await transcriber.search(() => true);
  const {wordEndSample = NaN, heardSample = NaN} = transcriber.heardWords() ?? {};
  expect(wordEndSample).toBe(START + 80 * FAKE_HOP);
  expect(heardSample).toBeGreaterThan(START + 240 * FAKE_HOP); // all but the context of the last window
  expect(heardSample).toBeLessThanOrEqual(START + 280 * FAKE_HOP);
  transcriber.begin(START);
  expect(transcriber.heardWords()).toBeUndefined();
});

test('tells nothing of previews, which nobody makes where no partials are wanted', async () => {
  const whole = {
    system: fakeWholeUtteranceSystem,
    model: fakeWholeUtteranceModel(firstRowLogits),
    tokens: fakeWholeUtteranceSystem.card,
    words: undefined,
  };
  const transcriber = new UtteranceTranscriber(whole, {wantsPartials: true});
  transcriber.begin(START);
  transcriber.push(loudRows(200, 0.5));
  await transcriber.search(() => true);
  expect(transcriber.partial().text).not.toBe('');
  expect(transcriber.heardWords()).toBeUndefined();
});
