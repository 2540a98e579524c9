import {expect, test} from 'vitest';
import {exportedNames} from '../support/exported-names.ts';

const MOST_NAMES = 25; // house style; more needs a decision record

test('the public API is these names; a change of them is a change for every user', () => {
  const names = exportedNames('src/index.ts');
  expect(names).toMatchInlineSnapshot(`
    [
      "AudioSource",
      "KeywordDetection",
      "KeywordEventMap",
      "KeywordSpotter",
      "KeywordSpotterOptions",
      "KwsDetectEvent",
      "KwsErrorEvent",
      "KwsLevelEvent",
      "KwsPosteriorsEvent",
      "KwsProgressEvent",
      "KwsStateEvent",
      "KwsStatsEvent",
      "ListeningStats",
      "LoadOptions",
      "LoadedSystem",
      "Microphone",
      "MicrophoneOptions",
      "MicrophoneStatus",
      "SessionState",
      "SpeechError",
      "SpeechErrorCode",
      "SystemCard",
      "WeightsInfo",
      "identifyWeights",
      "keywordSystems",
    ]
  `);
  expect(names.length).toBeLessThanOrEqual(MOST_NAMES);
});

test('the elements entry exports the element classes', () => {
  expect(exportedNames('src/elements.ts')).toMatchInlineSnapshot(`
    [
      "KwsListener",
    ]
  `);
});
