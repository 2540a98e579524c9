import type {SessionState} from '../events/session-state.ts';
import {EventQueue} from './event-queue.ts';

/** Which events of a session one loop is about. */
export interface EventNames {
  /** The event that the loop gets. */
  readonly item: string;
  /** The event that tells the session's state. */
  readonly state: string;
}

/**
 * The events of one listening run, until it ends. Leaving the loop ends the run, and no other.
 * @param start begins the run and gives what ends it; its rejection is the loop's.
 * @throws SpeechError where listening fails; the signal's reason once it aborts.
 */
export async function* eventsOfRun<Item>(
  source: EventTarget,
  names: EventNames,
  start: () => Promise<() => Promise<void>>,
  signal?: AbortSignal,
): AsyncGenerator<Item, void, void> {
  const queue = new EventQueue<Item>();
  const listeners = new AbortController();
  const {signal: listening} = listeners;
  let hasBegun = false;
  const take = (event: Event): void => {
    queue.push(event as Item);
  };
  const watch = (event: Event): void => {
    const {state} = event as Event & {readonly state: SessionState};
    if (state.name === 'failed') queue.fail(state.error);
    if (state.name === 'listening') hasBegun = true;
    // what was said last is still told while stopping; `ready` also comes before the run, after loading
    if (state.name === 'disposed' || (state.name === 'ready' && hasBegun)) queue.finish();
  };
  source.addEventListener(names.item, take, {signal: listening});
  source.addEventListener(names.state, watch, {signal: listening});
  let stop: (() => Promise<void>) | undefined;
  try {
    stop = await start();
    for (;;) {
      const item = await queue.next();
      if (!item) break;
      yield item;
    }
    signal?.throwIfAborted();
  } finally {
    listeners.abort();
    await stop?.();
  }
}
