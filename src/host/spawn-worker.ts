import {SpeechError} from '../protocol/speech-error.ts';

/**
 * Starts the speech worker: from `assetBase` where one is given, else from where the bundler put it. Page thread.
 * @throws SpeechError `csp-blocked` or `engine-unavailable` where the browser refuses to start it.
 */
export function spawnWorker(assetBase?: string | URL): Worker {
  const options: WorkerOptions = {type: 'module', name: 'earshot'};
  try {
    if (assetBase !== undefined) return new Worker(new URL('speech.worker.js', assetBase), options);
    return new Worker(new URL('../../workers/speech.worker.ts', import.meta.url), {
      type: 'module',
      name: 'earshot',
    });
  } catch (cause) {
    // browsers differ: a worker of another origin or one the policy forbids throws here or fires `error` later
    const code =
      cause instanceof DOMException && cause.name === 'SecurityError' ? 'csp-blocked' : 'engine-unavailable';
    throw new SpeechError(
      code,
      "got no worker, expected one on the page's own origin and allowed by worker-src",
      {
        cause,
      },
    );
  }
}
