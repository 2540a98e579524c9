/** Values of Cross-Origin-Embedder-Policy under which a page is isolated. */
export const ISOLATIONS = ['require-corp', 'credentialless'] as const;

/** How strictly an isolated page takes what comes from other origins. */
export type Isolation = (typeof ISOLATIONS)[number];

/**
 * What a site asks for; nothing where it does not. Any thread.
 * @throws RangeError where it is no such value.
 */
export function parseIsolation(value: string | undefined): Isolation | undefined {
  if (value === undefined || value === '') return undefined;
  const isolation = ISOLATIONS.find((known) => known === value);
  if (isolation) return isolation;
  throw new RangeError(`got isolation "${value}", expected ${ISOLATIONS.join(' or ')}`);
}

/**
 * The same response with the headers that make a page, its worker and its threads cross-origin isolated. What scripts
 * may not read (another origin's, a redirection) stays as it is. Any thread.
 */
export function withIsolation(response: Response, isolation: Isolation): Response {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', isolation);
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const {status, statusText} = response;
  return new Response(response.body, {status, statusText, headers});
}
