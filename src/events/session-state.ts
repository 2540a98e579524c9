import type {SpeechError} from '../protocol/speech-error.ts';

/**
 * Whether sound is coming in: `live`; `muted` by the device or the system; `suspended` until the visitor touches the
 * page; `interrupted` by the system, a call for example.
 */
export type MicrophoneStatus = 'live' | 'muted' | 'suspended' | 'interrupted';

/** What loading is doing, `import` with a published checkpoint; `transcribe` while a file is read. */
export type LoadPhase = 'download' | 'verify' | 'import' | 'compile' | 'transcribe';

/** Where a session is; each state has its own data and there is no second flag beside it. */
export type SessionState =
  | {readonly name: 'idle'} // nothing loaded
  | {readonly name: 'loading'}
  | {readonly name: 'ready'} // loaded, microphone closed
  | {readonly name: 'starting'} // asking for the microphone
  | {readonly name: 'listening'; readonly microphone: MicrophoneStatus}
  | {readonly name: 'transcribing'} // a file
  | {readonly name: 'stopping'}
  | {readonly name: 'failed'; readonly error: SpeechError} // may be started again
  | {readonly name: 'disposed'};
