import type {ChosenBecause} from '../protocol/engine-choice.ts';
import type {ListeningStats} from '../protocol/messages.ts';
import type {SpeechError} from '../protocol/speech-error.ts';
import type {LoadPhase, SessionState} from './session-state.ts';

/** How events of a session are sent: up to the page, out of shadow trees too. */
export const REACHES_THE_PAGE: EventInit = {bubbles: true, composed: true};

/** A session went from one state to another. Bubbles, composed. */
export class SessionStateEvent extends Event {
  readonly state: SessionState;
  /** Why this engine with these numerics runs; of the state `ready` only. */
  readonly chosenBecause: ChosenBecause | undefined;

  constructor(
    name: string,
    {state, chosenBecause}: Pick<SessionStateEvent, 'state'> & Partial<SessionStateEvent>,
  ) {
    super(name, REACHES_THE_PAGE);
    this.state = state;
    this.chosenBecause = chosenBecause;
  }
}

/** How far loading, or a file, is; `total` is 0 where unknown. Bytes. Bubbles, composed. */
export class SessionProgressEvent extends Event {
  readonly phase: LoadPhase;
  readonly loaded: number;
  readonly total: number;

  constructor(
    name: string,
    {phase, loaded, total}: Pick<SessionProgressEvent, 'phase' | 'loaded' | 'total'>,
  ) {
    super(name, REACHES_THE_PAGE);
    this.phase = phase;
    this.loaded = loaded;
    this.total = total;
  }
}

/** Counters, about once a second while listening. Bubbles, composed. */
export class SessionStatsEvent extends Event {
  readonly stats: ListeningStats;

  constructor(name: string, {stats}: Pick<SessionStatsEvent, 'stats'>) {
    super(name, REACHES_THE_PAGE);
    this.stats = stats;
  }
}

/** Loudness of the newest sound, some forty times a second while listening. Bubbles, composed. */
export class SessionLevelEvent extends Event {
  /** RMS in dB relative to full scale, −120 at least. */
  readonly level: number;

  constructor(name: string, {level}: Pick<SessionLevelEvent, 'level'>) {
    super(name, REACHES_THE_PAGE);
    this.level = level;
  }
}

/** What made loading, listening or reading a file fail. Bubbles, composed. */
export class SessionErrorEvent extends Event {
  readonly error: SpeechError;
  readonly code: SpeechError['code'];

  constructor(name: string, {error}: Pick<SessionErrorEvent, 'error'>) {
    super(name, REACHES_THE_PAGE);
    this.error = error;
    this.code = error.code;
  }
}

/** The same event once more, to be dispatched at another target. */
export function copyOf(event: Event): Event {
  // every class takes its own fields, so an event is its own init
  return Reflect.construct(event.constructor, [event]) as Event;
}
