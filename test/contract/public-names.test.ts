import {expect, test} from 'vitest';
import {exportedNames} from '../support/exported-names.ts';

const MOST_NAMES = 35; // the house style's 25 for one job, and docs/decisions/0013 for the second and for models

test('the public API is these names; a change of them is a change for every user', () => {
  const names = exportedNames('src/index.ts');
  expect(names).toMatchInlineSnapshot(`
    [
      "AudioSource",
      "DownloadQuestion",
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
      "LoadedTranscriber",
      "Microphone",
      "MicrophoneOptions",
      "MicrophoneStatus",
      "ModelEntry",
      "ModelLibrary",
      "ModelProgress",
      "SessionState",
      "SpeechError",
      "SpeechErrorCode",
      "SystemCard",
      "Transcriber",
      "TranscriberOptions",
      "TranscriptEventMap",
      "TranscriptUtterance",
      "WeightsInfo",
      "identifyWeights",
      "keywordSystems",
      "transcriptionSystems",
    ]
  `);
  expect(names.length).toBeLessThanOrEqual(MOST_NAMES);
});

test('the elements entry exports the element classes', () => {
  expect(exportedNames('src/elements.ts')).toMatchInlineSnapshot(`
    [
      "KwsListener",
      "LiveTranscript",
    ]
  `);
});
