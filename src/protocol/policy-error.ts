import {SpeechError} from './speech-error.ts';

/** The part of a SecurityPolicyViolationEvent that tells what was refused; pages and workers have it alike. */
export interface PolicyViolation {
  readonly effectiveDirective: string;
  readonly blockedURI: string;
}

/** What each directive must allow for Earshot to run. */
const NEEDED: Readonly<Record<string, string>> = {
  'worker-src': "'self'",
  'script-src': "'self' 'wasm-unsafe-eval'",
};

/** The `csp-blocked` error for a violation of the site's policy; it says which directive must allow what. Any thread. */
export function policyError({effectiveDirective, blockedURI}: PolicyViolation): SpeechError {
  const directive = effectiveDirective.replace(/-(elem|attr)$/, '');
  const needed = directive === 'connect-src' ? neededToConnect(blockedURI) : (NEEDED[directive] ?? "'self'");
  return new SpeechError(
    'csp-blocked',
    `got ${blockedURI} refused by the site's ${directive}, expected that to allow ${needed}`,
  );
}

/** The line to add; where the host is in it already, its answer has led to another. */
function neededToConnect(blockedURI: string): string {
  const {origin: own} = globalThis as {readonly origin?: string};
  const origin = /^https?:/.test(blockedURI) ? new URL(blockedURI).origin : own;
  const line = origin === own ? "connect-src 'self'" : `connect-src 'self' ${origin ?? ''}`;
  return `it, as in "${line}", and every host that it redirects to`;
}
