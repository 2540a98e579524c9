import type {KeywordEventMap} from './keyword-events.ts';

/** An EventTarget whose listeners know the type of the keyword events by their names. */
export interface KeywordEventTarget extends EventTarget {
  addEventListener<Name extends keyof KeywordEventMap>(
    name: Name,
    listener: (event: KeywordEventMap[Name]) => void,
    options?: AddEventListenerOptions | boolean,
  ): void;
  addEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions | boolean,
  ): void;
  removeEventListener<Name extends keyof KeywordEventMap>(
    name: Name,
    listener: (event: KeywordEventMap[Name]) => void,
    options?: EventListenerOptions | boolean,
  ): void;
  removeEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: EventListenerOptions | boolean,
  ): void;
}

/** The platform's EventTarget under the narrower type. */
export const KeywordEventTarget = EventTarget as new () => KeywordEventTarget;
