import type {MicrophoneStatus, SessionState} from '../events/session-state.ts';
import type {SpeechError} from '../protocol/speech-error.ts';

/** What can happen to a session. */
export type SessionEvent =
  | {readonly kind: 'load'}
  | {readonly kind: 'loaded'}
  | {readonly kind: 'load-cancelled'}
  | {readonly kind: 'start'}
  | {readonly kind: 'started'; readonly microphone: MicrophoneStatus}
  | {readonly kind: 'microphone'; readonly status: MicrophoneStatus}
  | {readonly kind: 'read'}
  | {readonly kind: 'stop'}
  | {readonly kind: 'stopped'}
  | {readonly kind: 'fail'; readonly error: SpeechError}
  | {readonly kind: 'dispose'};

type Transitions = {
  readonly [Name in SessionState['name']]: {
    readonly [Kind in SessionEvent['kind']]?: (event: Extract<SessionEvent, {kind: Kind}>) => SessionState;
  };
};

const loading = (): SessionState => ({name: 'loading'});
const ready = (): SessionState => ({name: 'ready'});
const starting = (): SessionState => ({name: 'starting'});
const transcribing = (): SessionState => ({name: 'transcribing'});
const stopping = (): SessionState => ({name: 'stopping'});
const failed = ({error}: {error: SpeechError}): SessionState => ({name: 'failed', error});
const disposed = (): SessionState => ({name: 'disposed'});

const TRANSITIONS: Transitions = {
  idle: {load: loading, dispose: disposed},
  loading: {loaded: ready, 'load-cancelled': () => ({name: 'idle'}), fail: failed, dispose: disposed},
  ready: {start: starting, read: transcribing, fail: failed, dispose: disposed},
  starting: {
    started: ({microphone}) => ({name: 'listening', microphone}),
    stop: stopping,
    fail: failed,
    dispose: disposed,
  },
  listening: {
    microphone: ({status}) => ({name: 'listening', microphone: status}),
    stop: stopping,
    fail: failed,
    dispose: disposed,
  },
  transcribing: {stopped: ready, fail: failed, dispose: disposed},
  stopping: {stopped: ready, fail: failed, dispose: disposed},
  failed: {load: loading, start: starting, read: transcribing, dispose: disposed},
  disposed: {},
};

/** The state after an event; the same object where the event means nothing in this state. Pure. */
export function nextState(state: SessionState, event: SessionEvent): SessionState {
  const transition = TRANSITIONS[state.name][event.kind] as
    ((event: SessionEvent) => SessionState) | undefined;
  return transition ? transition(event) : state;
}
