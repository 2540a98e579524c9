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
  'connect-src': "'self', and the host of the models where that is another",
};

/** The `csp-blocked` error for a violation of the site's policy; it says which directive must allow what. */
export function policyError({effectiveDirective, blockedURI}: PolicyViolation): SpeechError {
  const directive = effectiveDirective.replace(/-(elem|attr)$/, '');
  const needed = NEEDED[directive] ?? "'self'";
  return new SpeechError(
    'csp-blocked',
    `got ${blockedURI} refused by the site's ${directive}, expected that to allow ${needed}`,
  );
}
