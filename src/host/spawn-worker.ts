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
 * @throws SpeechError `engine-unavailable` where the browser refuses at once: a worker must be of the page's origin; and
 * where there is no page.
 */
export function spawnWorker(assetBase?: string | URL): SpawnedWorker {
  if (typeof document === 'undefined') {
    const expected = 'a page (in Node the command `earshot` reads recordings)';
    throw new SpeechError('engine-unavailable', `worker: got no page, expected ${expected}`);
  }
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
    throw new SpeechError('engine-unavailable', otherOrigin(assetBase), {cause});
  }
}

/** Why the browser refuses at once, and what the site is to serve itself. */
function otherOrigin(assetBase: string | URL | undefined): string {
  const got = assetBase === undefined ? 'one beside the SDK, elsewhere' : new URL(assetBase).origin;
  return [
    `worker: got ${got}, expected the page's own origin, ${location.origin}:`,
    'serve speech.worker.js, capture.worklet.js and what lies beside them from there,',
    'and name their folder as assetBase; models alone may come from another origin',
  ].join(' ');
}
