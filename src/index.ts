/** Earshot's public API: headless, free of side effects, importable in Node and under server-side rendering. */
export {Microphone, type MicrophoneOptions} from './capture/microphone.ts';
export {
  KwsDetectEvent,
  KwsErrorEvent,
  KwsLevelEvent,
  KwsPosteriorsEvent,
  KwsProgressEvent,
  KwsStateEvent,
  KwsStatsEvent,
  type KeywordDetection,
  type KeywordEventMap,
} from './events/keyword-events.ts';
export type {TranscriptEventMap} from './events/transcript-events.ts';
export type {MicrophoneStatus, SessionState} from './events/session-state.ts';
export type {ListeningStats, WeightsInfo} from './protocol/messages.ts';
export type {DownloadQuestion} from './protocol/download-question.ts';
export type {ModelEntry} from './protocol/model-messages.ts';
export {SpeechError, type SpeechErrorCode} from './protocol/speech-error.ts';
export {KeywordSpotter} from './session/keyword-spotter.ts';
export type {AudioSource} from './session/listening-run.ts';
export {ModelLibrary, type ModelProgress} from './session/model-library.ts';
export {identifyWeights} from './session/identify-weights.ts';
export {keywordSystems} from './session/keyword-cards.ts';
export type {KeywordSpotterOptions, LoadedSystem, LoadOptions} from './session/spotter-options.ts';
export type {LoadedTranscriber, TranscriberOptions} from './session/transcriber-options.ts';
export {Transcriber} from './session/transcriber.ts';
export {transcriptionSystems} from './session/transcription-cards.ts';
export type {SystemCard} from './systems/card.ts';
export type {TranscriptUtterance} from './transcript/transcript.ts';
