import {SpeechError} from '../../protocol/speech-error.ts';

/** How often to ask again, and how long to wait before. */
export interface RetryOptions {
  /** Requests in a row that brought nothing, before the file is given up; 1 or more. Default 7: about half a minute. */
  readonly maxAttempts?: number | undefined;
  /** Wait before the second request, milliseconds; it doubles with each one that follows. Default 500. */
  readonly firstDelayMs?: number | undefined;
  /** The longest wait, milliseconds, also where the server asks for more: then the file is given up. Default 60,000. */
  readonly maxDelayMs?: number | undefined;
}

/** What fails now and may not fail later. */
export class PassingError extends SpeechError {
  /** What the server asks to wait, milliseconds. */
  readonly afterMs: number | undefined;

  constructor(
    message: string,
    {afterMs, ...options}: ErrorOptions & {readonly afterMs?: number | undefined} = {},
  ) {
    super('network', message, options);
    this.afterMs = afterMs;
  }
}

/** Nothing doubles for longer: what is gone for a minute is asked for by the visitor. */
const LONGEST_BACK_OFF_MS = 16_000;

/**
 * How long to wait before asking again; undefined where that is no use.
 * @param failureCount requests in a row that failed, 1 or more.
 * @param random 0 to 1: a part of the wait that keeps many pages from asking in the same moment.
 */
export function delayBeforeRetry(
  failureCount: number,
  {afterMs}: PassingError,
  {maxAttempts = 7, firstDelayMs = 500, maxDelayMs = 60_000}: RetryOptions = {},
  random: number = Math.random(),
): number | undefined {
  if (failureCount >= maxAttempts || (afterMs ?? 0) > maxDelayMs) return undefined;
  const backOffMs = Math.min(firstDelayMs * 2 ** (failureCount - 1), LONGEST_BACK_OFF_MS, maxDelayMs);
  return Math.max(afterMs ?? 0, backOffMs * (0.75 + random / 2));
}

/** The wait that a Retry-After asks for, milliseconds: seconds or a date (RFC 9110, section 10.2.3). */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
