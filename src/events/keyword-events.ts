import {
  REACHES_THE_PAGE,
  type SessionAskEvent,
  SessionErrorEvent,
  SessionLevelEvent,
  SessionProgressEvent,
  SessionStateEvent,
  SessionStatsEvent,
  type ProgressInit,
} from './session-events.ts';

export type {SpeechError} from '../protocol/speech-error.ts';

/** A keyword that was heard. Times in milliseconds from the first captured sample. */
export interface KeywordDetection {
  readonly keyword: string;
  /** Smoothed posterior at the detection, 0…1. */
  readonly score: number;
  readonly threshold: number;
  readonly startTime: number;
  readonly endTime: number;
  /** Engine and numerics that heard it, for example `tfjs float32`. */
  readonly engine: string;
  /** From the moment the word's last sample reached the worker to the detection. */
  readonly latencyMs: number;
}

/** `kws-detect`: a keyword was heard, once per utterance. Bubbles, composed. */
export class KwsDetectEvent extends Event implements KeywordDetection {
  readonly keyword: string;
  readonly score: number;
  readonly threshold: number;
  readonly startTime: number;
  readonly endTime: number;
  readonly engine: string;
  readonly latencyMs: number;

  constructor(detection: KeywordDetection) {
    super('kws-detect', REACHES_THE_PAGE);
    this.keyword = detection.keyword;
    this.score = detection.score;
    this.threshold = detection.threshold;
    this.startTime = detection.startTime;
    this.endTime = detection.endTime;
    this.engine = detection.engine;
    this.latencyMs = detection.latencyMs;
  }
}

/** `kws-state`: the session went from one state to another. Bubbles, composed. */
export class KwsStateEvent extends SessionStateEvent {
  constructor(init: Pick<SessionStateEvent, 'state'> & Partial<SessionStateEvent>) {
    super('kws-state', init);
  }
}

/** `kws-progress`: how far loading is; `total` is 0 where unknown. Bytes. Bubbles, composed. */
export class KwsProgressEvent extends SessionProgressEvent {
  constructor(init: ProgressInit) {
    super('kws-progress', init);
  }
}

/** `kws-stats`: counters, about once a second while listening. Bubbles, composed. */
export class KwsStatsEvent extends SessionStatsEvent {
  constructor(init: Pick<SessionStatsEvent, 'stats'>) {
    super('kws-stats', init);
  }
}

/** `kws-posteriors`: the smoothed posteriors of one window, one per label. Bubbles, composed. */
export class KwsPosteriorsEvent extends Event {
  readonly posteriors: Float32Array; // [labelCount]
  /** End of the window, milliseconds from the first captured sample. */
  readonly time: number;

  constructor({posteriors, time}: Pick<KwsPosteriorsEvent, 'posteriors' | 'time'>) {
    super('kws-posteriors', REACHES_THE_PAGE);
    this.posteriors = posteriors;
    this.time = time;
  }
}

/** `kws-level`: loudness of the newest sound, some forty times a second while listening. Bubbles, composed. */
export class KwsLevelEvent extends SessionLevelEvent {
  constructor(init: Pick<SessionLevelEvent, 'level'>) {
    super('kws-level', init);
  }
}

/** `kws-error`: what made loading or listening fail. Bubbles, composed. */
export class KwsErrorEvent extends SessionErrorEvent {
  constructor(init: Pick<SessionErrorEvent, 'error'>) {
    super('kws-error', init);
  }
}

/** The events of keyword spotting by name. */
export interface KeywordEventMap {
  'kws-detect': KwsDetectEvent;
  'kws-state': KwsStateEvent;
  'kws-progress': KwsProgressEvent;
  'kws-stats': KwsStatsEvent;
  'kws-posteriors': KwsPosteriorsEvent;
  'kws-level': KwsLevelEvent;
  'kws-error': KwsErrorEvent;
  /** Of `<kws-listener>` alone: a spotter asks by its option `onAsk`. */
  'kws-ask': SessionAskEvent;
}

/** Names of all events of a spotter. */
export const KEYWORD_EVENT_NAMES = [
  'kws-detect',
  'kws-state',
  'kws-progress',
  'kws-stats',
  'kws-posteriors',
  'kws-level',
  'kws-error',
] as const satisfies readonly (keyof KeywordEventMap)[];

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- an augmentation has no members of its own
  interface GlobalEventHandlersEventMap extends KeywordEventMap {}
}
