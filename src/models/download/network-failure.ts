import {policyError, type PolicyViolation} from '../../protocol/policy-error.ts';
import {SpeechError} from '../../protocol/speech-error.ts';
import {PassingError} from './retry.ts';

/** Listens for refusals by the site's policy, since `fetch` hides the reason why it fails. */
export class PolicyWatch {
  readonly #violations: PolicyViolation[] = [];
  readonly #stopped = new AbortController();

  constructor() {
    if (!(globalThis instanceof EventTarget)) return; // Node has no policy
    globalThis.addEventListener(
      'securitypolicyviolation',
      (event) => this.#violations.push(event as Event & PolicyViolation),
      {signal: this.#stopped.signal},
    );
  }

  /** Why the policy refused this address; undefined where it did not. */
  async refusalOf(url: string): Promise<SpeechError | undefined> {
    await new Promise((resolve) => setTimeout(resolve)); // the event comes a task after the failure
    const violation = this.#violations.find(
      ({effectiveDirective, blockedURI}) =>
        effectiveDirective === 'connect-src' && blockedURI === reported(url),
    );
    return violation && policyError(violation);
  }

  stop(): void {
    this.#stopped.abort();
  }
}

/** What is known of an address when a request to it fails. */
export interface FailedRequest {
  readonly url: string;
  /** Whether it has answered before, so that it lets this page read. */
  readonly hasAnswered: boolean;
  /** Requests in a row that failed, with this one. */
  readonly failureCount: number;
  readonly policy: PolicyWatch;
}

/**
 * The error that tells why `fetch` rejected: the site's policy, no network, a server that lets no other site read, or a
 * lost connection, the only one that is passing.
 */
export async function explainFailure(
  cause: unknown,
  {url, hasAnswered, failureCount, policy}: FailedRequest,
): Promise<SpeechError> {
  const refusal = await policy.refusalOf(url);
  if (refusal) return refusal;
  if (!hasAnswered && isOffline()) {
    return new SpeechError('network', `got no network to fetch ${url}, expected the device to be online`, {
      cause,
    });
  }
  // a server that comes back between the request and the question would look the same: so not the first time
  if (!hasAnswered && failureCount > 1 && isOtherSite(url) && (await answersUnread(url))) {
    const expected = `the header Access-Control-Allow-Origin: ${globalThis.origin} (or *) with it`;
    return new SpeechError(
      'network',
      `got an answer from ${url} that this page may not read, expected ${expected}`,
      {
        cause,
      },
    );
  }
  return new PassingError(`got no whole answer from ${url}, expected the file`, {cause});
}

/** Whether the address is of another origin than this page's; Node has none. */
export function isOtherSite(url: string): boolean {
  const {origin} = globalThis as {readonly origin?: string};
  return origin !== undefined && new URL(url).origin !== origin;
}

function isOffline(): boolean {
  const {navigator} = globalThis as {readonly navigator?: {readonly onLine?: boolean}};
  return navigator?.onLine === false;
}

/** Whether the server answers a request whose answer nobody may read: then it is there, and only that is forbidden. */
async function answersUnread(url: string): Promise<boolean> {
  const answer = fetch(url, {method: 'HEAD', mode: 'no-cors', cache: 'no-store'});
  return await answer.then(
    () => true,
    () => false,
  );
}

/** An address as reports of the policy state it. */
function reported(url: string): string {
  const address = new URL(url);
  [address.hash, address.username, address.password] = ['', '', ''];
  return address.href;
}
