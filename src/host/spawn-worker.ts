import {policyError} from '../protocol/policy-error.ts';
import {SpeechError} from '../protocol/speech-error.ts';

/** A worker, and why it does not come up if it does not. */
export interface SpawnedWorker {
  readonly worker: Worker;
  /** The violation of the site's policy that kept it from loading, if there was one. */
  readonly policyError: () => SpeechError | undefined;
  /** No more such violations are looked out for. Idempotent. */
  readonly stopWatching: () => void;
}

/**
 * Starts the speech worker: from `assetBase` where one is given, else from where the bundler put it. Page thread.
 * @throws SpeechError `engine-unavailable` where the browser refuses at once: a worker must be of the page's origin.
 */
export function spawnWorker(assetBase?: string | URL): SpawnedWorker {
  let refusal: SpeechError | undefined;
  // comes before the worker's own error event, which says nothing
  const onViolation = (violation: SecurityPolicyViolationEvent): void => {
    if (/^(worker|child|script)-src/.test(violation.effectiveDirective)) refusal ??= policyError(violation);
  };
  const worker = startWorker(assetBase);
  document.addEventListener('securitypolicyviolation', onViolation);
  const stopWatching = (): void => {
    document.removeEventListener('securitypolicyviolation', onViolation);
  };
  worker.addEventListener('message', stopWatching, {once: true});
  worker.addEventListener('error', stopWatching, {once: true});
  return {worker, policyError: () => refusal, stopWatching};
}

function startWorker(assetBase: string | URL | undefined): Worker {
  try {
    if (assetBase === undefined) {
      // bundlers know this form, and only this
      return new Worker(new URL('../../workers/speech.worker.ts', import.meta.url), {
        type: 'module',
        name: 'earshot',
      });
    }
    return new Worker(new URL('speech.worker.js', assetBase), {type: 'module', name: 'earshot'});
  } catch (cause) {
    throw new SpeechError('engine-unavailable', "got no worker, expected one of the page's own origin", {
      cause,
    });
  }
}
