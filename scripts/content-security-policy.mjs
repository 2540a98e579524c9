/**
 * The policy under which Earshot must work (docs/decisions/0001-two-builds-one-policy.md): nothing but files of the page's own origin,
 * no inline script, no inline style, no `eval`; WebAssembly may compile.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "manifest-src 'self'",
  "style-src 'self'",
].join('; ');

/**
 * Headers that every server of this repository sends with every response: `npm start`, `vite preview` and the
 * tests. Workers take the policy of their own response, so it goes with scripts as well as with pages.
 * @type {Readonly<Record<string, string>>}
 */
export const securityHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
};
