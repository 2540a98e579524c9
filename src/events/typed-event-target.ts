import type {KeywordEventMap} from './keyword-events.ts';
import type {TranscriptEventMap} from './transcript-events.ts';

/** An EventTarget whose listeners know the type of its events by their names. */
export interface TypedEventTarget<EventMap> extends EventTarget {
  addEventListener<Name extends keyof EventMap & string>(
    name: Name,
    listener: (event: EventMap[Name]) => void,
    options?: AddEventListenerOptions | boolean,
  ): void;
  addEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  removeEventListener<Name extends keyof EventMap & string>(
    name: Name,
    listener: (event: EventMap[Name]) => void,
    options?: EventListenerOptions | boolean,
  ): void;
  removeEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: EventListenerOptions | boolean,
  ): void;
}

/** The platform's EventTarget for events of keyword spotting. */
export const KeywordEventTarget = EventTarget as new () => TypedEventTarget<KeywordEventMap>;

/** The platform's EventTarget for events of transcription. */
export const TranscriptEventTarget = EventTarget as new () => TypedEventTarget<TranscriptEventMap>;
