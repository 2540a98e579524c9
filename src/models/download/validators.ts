/** Last-Modified is exact to a second: a file that changed twice in one is told from nothing. */
const CLOCK_STEP_MS = 1000;

/** Whether the bytes on the wire are not those of the file; other sites' servers may hide that they are not. */
export function isEncoded(headers: Headers): boolean {
  return (headers.get('content-encoding') ?? 'identity') !== 'identity';
}

/**
 * The ETag or Last-Modified by which the rest of a file can be asked for with If-Range (RFC 9110, sections 8.8 and
 * 13.1.5); undefined where there is none that is strong: a weak one says that two files mean the same, not that their
 * bytes are. Neither is one of the file where the bytes on the wire were compressed.
 */
export function strongValidator(headers: Headers): string | undefined {
  if (isEncoded(headers)) return undefined;
  const etag = headers.get('etag');
  if (etag?.startsWith('"')) return etag;
  const lastModified = headers.get('last-modified') ?? undefined;
  const ageMs = Date.parse(headers.get('date') ?? '') - Date.parse(lastModified ?? '');
  return ageMs >= CLOCK_STEP_MS ? lastModified : undefined;
}

/** Whether headers belong to the version of the file that has the validator, as far as they tell. */
export function compareVersion(
  validator: string | undefined,
  headers: Headers,
): 'same' | 'other' | 'unknown' {
  if (validator === undefined) return 'unknown';
  const current = headers.get(validator.startsWith('"') ? 'etag' : 'last-modified');
  if (current === null) return 'unknown';
  return current === validator ? 'same' : 'other';
}
