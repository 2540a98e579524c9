import type {DownloadQuestion} from '../protocol/download-question.ts';
import type {ChosenBecause} from '../protocol/engine-choice.ts';
import type {ListeningStats} from '../protocol/messages.ts';
import type {SpeechError} from '../protocol/speech-error.ts';
import type {LoadPhase, SessionState} from './session-state.ts';

export type {DownloadQuestion} from '../protocol/download-question.ts';

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

/** What an event of progress is made from. */
export type ProgressInit = Pick<SessionProgressEvent, 'phase' | 'loaded' | 'total'> &
  Partial<Pick<SessionProgressEvent, 'rate'>>;

/**
 * How far loading, or a file, is, in bytes: of all files that have to be downloaded for a load, as one; of one file that is
 * read or compared with its digest. `total` is 0 where unknown. Bubbles, composed.
 */
export class SessionProgressEvent extends Event {
  readonly phase: LoadPhase;
  readonly loaded: number;
  readonly total: number;
  /** What came over the network lately, bytes per second; undefined where nothing is downloaded. */
  readonly rate: number | undefined;

  constructor(name: string, {phase, loaded, total, rate}: ProgressInit) {
    super(name, REACHES_THE_PAGE);
    this.phase = phase;
    this.loaded = loaded;
    this.total = total;
    this.rate = rate;
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

/**
 * `kws-ask`, `transcript-ask`: more would be downloaded than may be unasked. The element asks the visitor, unless the page
 * calls `respondWith` while the event is dispatched. Bubbles, composed.
 */
export class SessionAskEvent extends Event implements DownloadQuestion {
  readonly files: DownloadQuestion['files'];
  readonly totalBytes: number;
  readonly reason: DownloadQuestion['reason'];
  #answer: Promise<boolean> | undefined;

  constructor(name: string, {files, totalBytes, reason}: DownloadQuestion) {
    super(name, REACHES_THE_PAGE);
    this.files = files;
    this.totalBytes = totalBytes;
    this.reason = reason;
  }

  /** What the page has answered, or will; undefined where it leaves the question to the element. */
  get answer(): Promise<boolean> | undefined {
    return this.#answer;
  }

  /** Answers in place of the visitor: true to download. */
  respondWith(answer: boolean | Promise<boolean>): void {
    this.#answer = Promise.resolve(answer);
  }
}

/** The same event once more, to be dispatched at another target. */
export function copyOf(event: Event): Event {
  // every class takes its own fields, so an event is its own init
  return Reflect.construct(event.constructor, [event]) as Event;
}
