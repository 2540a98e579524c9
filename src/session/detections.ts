import type {KeywordEventTarget} from '../events/keyword-event-target.ts';
import type {KeywordDetection} from '../events/keyword-events.ts';
import {DetectionQueue} from './detection-queue.ts';

/** The part of a spotter that a `for await` loop needs. */
export interface DetectionSource extends KeywordEventTarget {
  stop(): Promise<void>;
}

/**
 * The detections of one listening run, until it ends. Leaving the loop stops listening.
 * @param start begins the run; its rejection is the loop's.
 * @throws SpeechError where listening fails; the signal's reason once it aborts.
 */
export async function* detections(
  source: DetectionSource,
  start: () => Promise<void>,
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
  try {
    await start();
    for (;;) {
      const detection = await queue.next();
      if (!detection) break;
      yield detection;
    }
    signal?.throwIfAborted();
  } finally {
    listeners.abort();
    await source.stop();
  }
}
