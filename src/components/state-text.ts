import type {SessionState} from '../events/session-state.ts';
import {errorText} from './error-text.ts';

/** The sign beside the words; both always show together. */
export type StateIcon = 'microphone' | 'microphone-off' | 'waiting' | 'warning';

/** A session's state as people read it. */
export interface StateText {
  readonly icon: StateIcon;
  readonly text: string;
  /** What the person can do, where there is something. */
  readonly hint?: string;
}

type Listening = Extract<SessionState, {name: 'listening'}>;

const LISTENING: {readonly [Status in Listening['microphone']]: StateText} = {
  live: {icon: 'microphone', text: 'Listening'},
  muted: {
    icon: 'warning',
    text: 'Microphone muted',
    hint: 'Switch it on again at the headset, the keyboard or in the system settings.',
  },
  suspended: {
    icon: 'warning',
    text: 'Waiting for a click',
    hint: 'Click anywhere on the page: browsers let it hear only after that.',
  },
  interrupted: {
    icon: 'warning',
    text: 'Interrupted',
    hint: 'Something else, such as a call, has the microphone. Listening goes on when it ends.',
  },
};

const OFF: StateText = {icon: 'microphone-off', text: 'Microphone off'};

const TEXTS: {readonly [Name in Exclude<SessionState['name'], 'listening' | 'failed'>]: StateText} = {
  idle: OFF,
  ready: OFF,
  disposed: OFF,
  loading: {icon: 'waiting', text: 'Loading the model…'},
  starting: {
    icon: 'waiting',
    text: 'Waiting for the microphone…',
    hint: 'The browser may ask you to allow it.',
  },
  transcribing: {icon: 'waiting', text: 'Transcribing the file…'},
  stopping: {icon: 'waiting', text: 'Stopping…'},
};

/** What to show for a state. */
export function stateText(state: SessionState): StateText {
  if (state.name === 'listening') return LISTENING[state.microphone];
  if (state.name !== 'failed') return TEXTS[state.name];
  const {what, remedy} = errorText(state.error.code);
  return {icon: 'warning', text: what, hint: remedy};
}

/** States that pass in a moment. */
const BRIEF: ReadonlySet<string> = new Set(['loading', 'starting', 'stopping']);

/**
 * What to say aloud when a state begins; undefined for those that pass in a moment.
 * @param before the state that it follows.
 */
export function stateAnnouncement(state: SessionState, before?: SessionState['name']): string | undefined {
  if (BRIEF.has(state.name)) return undefined;
  if (before === 'transcribing' && state.name === 'ready') return 'The file has been read.';
  const {text, hint} = stateText(state);
  const sentence = /[.…]$/.test(text) ? text : `${text}.`;
  return hint === undefined ? sentence : `${sentence} ${hint}`;
}
