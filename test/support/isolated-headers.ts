import {securityHeaders} from '../../scripts/content-security-policy.mjs';

/** The strict policy, and what makes a page cross-origin isolated: its worker and its threads must send them too. */
export const isolatedHeaders: Readonly<Record<string, string>> = {
  ...securityHeaders,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
