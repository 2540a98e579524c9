import type {KeywordEventTarget} from '../events/keyword-event-target.ts';
import type {KeywordDetection} from '../events/keyword-events.ts';
import {DetectionQueue} from './detection-queue.ts';

/**
 * The detections of one listening run, until it ends. Leaving the loop ends the run, and no other.
 * @param start begins the run and gives what ends it; its rejection is the loop's.
 * @throws SpeechError where listening fails; the signal's reason once it aborts.
 */
export async function* detections(
  source: KeywordEventTarget,
  start: () => Promise<() => Promise<void>>,
  signal?: AbortSignal,
): AsyncGenerator<KeywordDetection, void, void> {
  const queue = new DetectionQueue();
  const listeners = new AbortController();
  const {signal: listening} = listeners;
  const take = (detection: KeywordDetection): void => {
    queue.push(detection);
  };
  source.addEventListener('kws-detect', take, {signal: listening});
  source.addEventListener(
    'kws-state',
    ({state}) => {
      if (state.name === 'failed') queue.fail(state.error);
      if (state.name === 'stopping' || state.name === 'disposed') queue.finish();
    },
    {signal: listening},
  );
  let stop: (() => Promise<void>) | undefined;
  try {
    stop = await start();
    for (;;) {
      const detection = await queue.next();
      if (!detection) break;
      yield detection;
    }
    signal?.throwIfAborted();
  } finally {
    listeners.abort();
    await stop?.();
  }
}
