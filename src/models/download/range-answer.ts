import {compareVersion, isEncoded, strongValidator} from './validators.ts';

/** What was asked for. */
export interface RangeRequest {
  /** Bytes that are there already: the rest was asked for. */
  readonly offset: number;
  /** Of those bytes. */
  readonly validator: string | undefined;
  /** Whether nothing but the answer's head can tell that both parts are of one version. */
  readonly mustMatch: boolean;
  /** Whether the server may not compress: then Content-Length is the file's, else only where nothing says otherwise. */
  readonly isPlain: boolean;
}

/** What to do with an answer. `totalBytes` are those of the whole file, where the answer tells them. */
export type RangeAnswer =
  | {readonly kind: 'append'; readonly totalBytes: number | undefined}
  | {
      readonly kind: 'start';
      readonly totalBytes: number | undefined;
      readonly validator: string | undefined;
    }
  /** Nothing is missing. */
  | {readonly kind: 'all-there'}
  /** What is there does not go with what the server has now. */
  | {readonly kind: 'start-anew'; readonly got: string}
  /** The server may answer later. */
  | {readonly kind: 'wait'}
  | {readonly kind: 'refused'};

/** Statuses after which asking again may help (RFC 9110, section 15; RFC 6585). */
const PASSING_STATUSES = [408, 425, 429, 500, 502, 503, 504];

/** Reads the head of an answer to a request for a file, or for the rest of it. Pure. */
export function readAnswer(
  {status, headers}: Pick<Response, 'status' | 'headers'>,
  request: RangeRequest,
): RangeAnswer {
  if (PASSING_STATUSES.includes(status)) return {kind: 'wait'};
  if (status === 206) return readRange(headers, request);
  if (status === 416 && request.offset > 0) return readUnsatisfied(headers, request);
  if (status !== 200) return {kind: 'refused'};
  const isWhole = request.isPlain && !isEncoded(headers);
  const totalBytes = isWhole ? numberIn(headers, 'content-length', /^(\d+)$/) : undefined;
  return {kind: 'start', totalBytes, validator: strongValidator(headers)};
}

function readRange(headers: Headers, {offset, validator, mustMatch}: RangeRequest): RangeAnswer {
  if (isEncoded(headers)) return {kind: 'start-anew', got: 'a part of the compressed file'};
  const version = compareVersion(validator, headers);
  if (offset > 0 && (version === 'other' || (mustMatch && version === 'unknown'))) {
    return {kind: 'start-anew', got: 'a part of another version'};
  }
  const start = numberIn(headers, 'content-range', /^bytes (\d+)-/);
  if (start !== undefined && start !== offset) {
    return {kind: 'start-anew', got: `bytes from ${start} on, expected from ${offset} on`};
  }
  const totalBytes = numberIn(headers, 'content-range', /\/(\d+)$/) ?? totalByLength(headers, offset);
  if (offset > 0) return {kind: 'append', totalBytes};
  return {kind: 'start', totalBytes, validator: strongValidator(headers)};
}

/** Servers of other sites may hide Content-Range, Content-Length never is. */
function totalByLength(headers: Headers, offset: number): number | undefined {
  const length = numberIn(headers, 'content-length', /^(\d+)$/);
  return length === undefined ? undefined : offset + length;
}

/** 416: there is nothing behind `offset`, because that is the end, or because the file has become shorter. */
function readUnsatisfied(headers: Headers, {offset}: RangeRequest): RangeAnswer {
  const totalBytes = numberIn(headers, 'content-range', /^bytes \*\/(\d+)$/);
  if (totalBytes === offset) return {kind: 'all-there'};
  return {kind: 'start-anew', got: `a file of ${totalBytes ?? 'fewer'} bytes, expected more than ${offset}`};
}

function numberIn(headers: Headers, name: string, pattern: RegExp): number | undefined {
  const digits = pattern.exec(headers.get(name) ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
