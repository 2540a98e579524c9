import {describe, expect, it} from 'vitest';
import {readAnswer, type RangeRequest} from '../../../../src/models/download/range-answer.ts';
import {delayBeforeRetry, PassingError, retryAfterMs} from '../../../../src/models/download/retry.ts';
import {compareVersion, strongValidator} from '../../../../src/models/download/validators.ts';

const LAST_MODIFIED = 'Wed, 01 Jan 2025 00:00:00 GMT';
const A_SECOND_LATER = 'Wed, 01 Jan 2025 00:00:01 GMT';

/** Headers of an answer with a range of a file of 100 bytes. */
const pieceOf = (range: string, etag = '"a"') => ({'content-range': `bytes ${range}/100`, etag});

describe('the validator of a file', () => {
  it.each([
    ['its strong ETag', {etag: '"a"', 'last-modified': LAST_MODIFIED, date: A_SECOND_LATER}, '"a"'],
    [
      'its date where the ETag is weak',
      {etag: 'W/"a"', 'last-modified': LAST_MODIFIED, date: A_SECOND_LATER},
      LAST_MODIFIED,
    ],
    [
      'nothing where it may have changed twice in that second',
      {'last-modified': LAST_MODIFIED, date: LAST_MODIFIED},
      undefined,
    ],
    ['nothing where the time of the answer is not known', {'last-modified': LAST_MODIFIED}, undefined],
    [
      'nothing where the bytes on the wire are compressed',
      {etag: '"a"', 'content-encoding': 'gzip'},
      undefined,
    ],
    ['nothing where there is neither', {}, undefined],
  ])('is %s', (_what, headers, expected) => {
    expect(strongValidator(new Headers(headers as Record<string, string>))).toBe(expected);
  });

  it.each([
    ['"a"', {etag: '"a"'}, 'same'],
    ['"a"', {etag: '"b"'}, 'other'],
    ['"a"', {'last-modified': LAST_MODIFIED}, 'unknown'],
    [LAST_MODIFIED, {'last-modified': LAST_MODIFIED}, 'same'],
    [LAST_MODIFIED, {'last-modified': A_SECOND_LATER, etag: '"a"'}, 'other'],
    [undefined, {etag: '"a"'}, 'unknown'],
  ])('%s is for an answer with %j that of the %s version', (validator, headers, expected) => {
    expect(compareVersion(validator, new Headers(headers as Record<string, string>))).toBe(expected);
  });
});

describe('an answer', () => {
  const fromStart: RangeRequest = {offset: 0, validator: undefined, mustMatch: true, isPlain: true};
  const rest: RangeRequest = {offset: 40, validator: '"a"', mustMatch: true, isPlain: true};

  it.each<[string, RangeRequest, number, Record<string, string>, object]>([
    [
      'with the file',
      fromStart,
      200,
      {'content-length': '100', etag: '"a"'},
      {kind: 'start', totalBytes: 100, validator: '"a"'},
    ],
    [
      'of another site, which may be compressed',
      {...fromStart, isPlain: false},
      200,
      {'content-length': '70'},
      {kind: 'start', totalBytes: undefined},
    ],
    [
      'that is compressed',
      fromStart,
      200,
      {'content-length': '70', 'content-encoding': 'br', etag: '"a"'},
      {kind: 'start', totalBytes: undefined, validator: undefined},
    ],
    [
      'with the whole range',
      fromStart,
      206,
      pieceOf('0-99'),
      {kind: 'start', totalBytes: 100, validator: '"a"'},
    ],
    ['with the rest', rest, 206, pieceOf('40-99'), {kind: 'append', totalBytes: 100}],
    [
      'with a piece of the rest',
      rest,
      206,
      {...pieceOf('40-59'), 'content-length': '20'},
      {kind: 'append', totalBytes: 100},
    ],
    [
      'with the rest, of which only the length may be read',
      rest,
      206,
      {'content-length': '60', etag: '"a"'},
      {kind: 'append', totalBytes: 100},
    ],
    [
      'with the file in place of the rest',
      rest,
      200,
      {'content-length': '90', etag: '"b"'},
      {kind: 'start', totalBytes: 90, validator: '"b"'},
    ],
    ['with another range', rest, 206, pieceOf('0-99'), {kind: 'start-anew'}],
    ['with the rest of another version', rest, 206, pieceOf('40-99', '"b"'), {kind: 'start-anew'}],
    [
      'with the rest of nobody knows which version',
      rest,
      206,
      {'content-range': 'bytes 40-99/100'},
      {kind: 'start-anew'},
    ],
    [
      'with the same where a digest decides',
      {...rest, mustMatch: false},
      206,
      {'content-range': 'bytes 40-99/100'},
      {kind: 'append', totalBytes: 100},
    ],
    [
      'with a compressed range',
      rest,
      206,
      {...pieceOf('40-99'), 'content-encoding': 'gzip'},
      {kind: 'start-anew'},
    ],
    ['that nothing is missing', rest, 416, {'content-range': 'bytes */40'}, {kind: 'all-there'}],
    ['that the file is shorter', rest, 416, {'content-range': 'bytes */30'}, {kind: 'start-anew'}],
    ['that there is no such range, of a file of unknown length', rest, 416, {}, {kind: 'start-anew'}],
    ['that an empty file has no range', fromStart, 416, {'content-range': 'bytes */0'}, {kind: 'refused'}],
    ['of a server that is overloaded', rest, 503, {}, {kind: 'wait'}],
    ['of a server that has no such file', rest, 404, {}, {kind: 'refused'}],
    ['without content', fromStart, 204, {}, {kind: 'refused'}],
  ])('%s', (_what, request, status, headers, expected) => {
    expect(readAnswer({status, headers: new Headers(headers)}, request)).toMatchObject(expected);
  });
});

describe('the wait before a request is made again', () => {
  const lost = new PassingError('got nothing');

  it('doubles, up to a limit, and ends after so many', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map((count) => delayBeforeRetry(count, lost, {}, 0.5));
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, undefined]);
  });

  it('is spread by a quarter both ways, so that pages do not ask all at once', () => {
    expect([0, 1].map((random) => delayBeforeRetry(1, lost, {}, random))).toEqual([375, 625]);
  });

  it('is what the server asks for where that is more, and none where it is too much', () => {
    expect(delayBeforeRetry(1, new PassingError('', {afterMs: 9000}), {}, 0.5)).toBe(9000);
    expect(delayBeforeRetry(1, new PassingError('', {afterMs: 60_001}), {}, 0.5)).toBeUndefined();
  });

  it.each([
    ['2', 2000],
    ['Wed, 01 Jan 2025 00:00:05 GMT', 5000],
    ['Tue, 31 Dec 2024 00:00:00 GMT', 0],
    ['soon', undefined],
  ])('is read from Retry-After: %s', (value, expected) => {
    expect(retryAfterMs(new Headers({'retry-after': value}), Date.parse(LAST_MODIFIED))).toBe(expected);
  });
});
