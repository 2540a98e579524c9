import type {TranscriptUtterance, TranscriptWord} from '../transcript/transcript.ts';
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

/** `transcript-partial`: what seems to be said in the utterance under way. Bubbles, composed. */
export class TranscriptPartialEvent extends Event {
  /** All of the utterance so far; begins with `stableText`. */
  readonly text: string;
  /**
   * The part that stands: it only grows while the utterance lasts. Empty where the system runs utterances whole
   * (wav2vec2-base), so that the final may say something else.
   */
  readonly stableText: string;
  /** Start of the utterance, milliseconds from the first captured sample. */
  readonly startTime: number;

  constructor({
    text,
    stableText,
    startTime,
  }: Pick<TranscriptPartialEvent, 'text' | 'stableText' | 'startTime'>) {
    super('transcript-partial', REACHES_THE_PAGE);
    this.text = text;
    this.stableText = stableText;
    this.startTime = startTime;
  }
}

/** `transcript-final`: what was said in one utterance, for good. Bubbles, composed. */
export class TranscriptFinalEvent extends Event implements TranscriptUtterance {
  readonly text: string;
  readonly words: readonly TranscriptWord[];
  readonly confidence: number;
  readonly startTime: number;
  readonly endTime: number;

  constructor({text, words, confidence, startTime, endTime}: TranscriptUtterance) {
    super('transcript-final', REACHES_THE_PAGE);
    this.text = text;
    this.words = words;
    this.confidence = confidence;
    this.startTime = startTime;
    this.endTime = endTime;
  }
}

/** `speech-start`: somebody began to speak. Bubbles, composed. */
export class SpeechStartEvent extends Event {
  /** Milliseconds from the first captured sample, or from the start of the file. */
  readonly time: number;

  constructor({time}: Pick<SpeechStartEvent, 'time'>) {
    super('speech-start', REACHES_THE_PAGE);
    this.time = time;
  }
}

/** `speech-end`: nobody speaks any more; what was said follows as `transcript-final`. Bubbles, composed. */
export class SpeechEndEvent extends Event {
  /** Milliseconds from the first captured sample, or from the start of the file. */
  readonly time: number;

  constructor({time}: Pick<SpeechEndEvent, 'time'>) {
    super('speech-end', REACHES_THE_PAGE);
    this.time = time;
  }
}

/** `transcript-state`: the session went from one state to another. Bubbles, composed. */
export class TranscriptStateEvent extends SessionStateEvent {
  constructor(init: Pick<SessionStateEvent, 'state'> & Partial<SessionStateEvent>) {
    super('transcript-state', init);
  }
}

/**
 * `transcript-progress`: how far loading is, or, in the phase `transcribe`, how much of a file has been read; `total`
 * is 0 where unknown. Bytes. Bubbles, composed.
 */
export class TranscriptProgressEvent extends SessionProgressEvent {
  constructor(init: ProgressInit) {
    super('transcript-progress', init);
  }
}

/** `transcript-stats`: counters, about once a second while listening. Bubbles, composed. */
export class TranscriptStatsEvent extends SessionStatsEvent {
  constructor(init: Pick<SessionStatsEvent, 'stats'>) {
    super('transcript-stats', init);
  }
}

/** `transcript-level`: loudness of the newest sound, some forty times a second while listening. Bubbles, composed. */
export class TranscriptLevelEvent extends SessionLevelEvent {
  constructor(init: Pick<SessionLevelEvent, 'level'>) {
    super('transcript-level', init);
  }
}

/** `transcript-error`: what made loading, listening or reading a file fail. Bubbles, composed. */
export class TranscriptErrorEvent extends SessionErrorEvent {
  constructor(init: Pick<SessionErrorEvent, 'error'>) {
    super('transcript-error', init);
  }
}

/** The events of transcription by name. */
export interface TranscriptEventMap {
  'transcript-partial': TranscriptPartialEvent;
  'transcript-final': TranscriptFinalEvent;
  'speech-start': SpeechStartEvent;
  'speech-end': SpeechEndEvent;
  'transcript-state': TranscriptStateEvent;
  'transcript-progress': TranscriptProgressEvent;
  'transcript-stats': TranscriptStatsEvent;
  'transcript-level': TranscriptLevelEvent;
  'transcript-error': TranscriptErrorEvent;
  /** Of `<live-transcript>` alone: a transcriber asks by its option `onAsk`. */
  'transcript-ask': SessionAskEvent;
}

/** Names of all events of a transcriber. */
export const TRANSCRIPT_EVENT_NAMES = [
  'transcript-partial',
  'transcript-final',
  'speech-start',
  'speech-end',
  'transcript-state',
  'transcript-progress',
  'transcript-stats',
  'transcript-level',
  'transcript-error',
] as const satisfies readonly (keyof TranscriptEventMap)[];

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- an augmentation has no members of its own
  interface GlobalEventHandlersEventMap extends TranscriptEventMap {}
}
