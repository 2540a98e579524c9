import {EngineHost} from '../host/engine-host.ts';
import {spawnWorker} from '../host/spawn-worker.ts';
import {checkCount, THREAD_COUNT} from './check-count.ts';
import type {CancelOptions} from './listening-session.ts';
import {checkSources, modelsRequest} from './model-sources.ts';
import type {TranscriberOptions} from './transcriber-options.ts';
import {findTranscriber} from './transcription-cards.ts';

/** Where a transcriber would come from, and on how many threads it would run. */
export interface EstimateOptions
  extends
    CancelOptions,
    Pick<TranscriberOptions, 'weights' | 'allowUnverified' | 'threadCount' | 'assetBase' | 'mirror'> {}

/**
 * Times in a worker of its own what tells how fast a transcriber would be here; ends the worker. Page thread.
 * @throws as `Transcriber.estimateRealTimeFactor`.
 */
export async function estimateSpeed(
  systemId: string,
  {weights, allowUnverified = false, threadCount, signal, ...options}: EstimateOptions,
): Promise<number> {
  findTranscriber(systemId);
  checkCount('threadCount', threadCount, THREAD_COUNT);
  signal?.throwIfAborted();
  const sources = checkSources(options);
  const host = new EngineHost(spawnWorker(sources.assetBase), () => undefined); // what it says unasked is of no interest here
  try {
    const request = {
      ...modelsRequest(sources),
      systemId,
      allowUnverified,
      ...(weights && {weights}),
      ...(threadCount !== undefined && {threadCount}),
    };
    const {realTimeFactor} = await host.request('estimate-speed', request, signal);
    return realTimeFactor;
  } finally {
    host.dispose();
  }
}
