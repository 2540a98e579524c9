import {describe, expect, it} from 'vitest';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';
import {
  fromErrorReport,
  SpeechError,
  toErrorReport,
  toSpeechError,
} from '../../../src/protocol/speech-error.ts';

describe('an error on its way between threads', () => {
  it('keeps its code and message, and no stack', () => {
    const report = toErrorReport(new SpeechError('network', 'got 404, expected 200'));
    expect(report).toEqual({code: 'network', message: 'got 404, expected 200'});
    const rebuilt = fromErrorReport(report);
    expect(rebuilt).toBeInstanceOf(SpeechError);
    expect(rebuilt).toMatchObject({code: 'network', message: 'got 404, expected 200', cause: report});
  });

  it('keeps the code of errors that other layers define', () => {
    expect(toErrorReport(new ModelFormatError('a PNG', 'a TFLite file')).code).toBe('model-format');
  });

  it('calls an abort aborted, and everything it does not know internal', () => {
    expect(toErrorReport(new DOMException('enough', 'AbortError')).code).toBe('aborted');
    expect(toErrorReport(new TypeError('x is not a function')).code).toBe('internal');
    expect(toErrorReport(Object.assign(new Error('odd'), {code: 'ENOENT'})).code).toBe('internal');
    expect(toErrorReport('a string')).toEqual({code: 'internal', message: 'a string'});
  });
});

it('wraps what has no code and leaves alone what has one', () => {
  const speechError = new SpeechError('overrun', 'too slow');
  expect(toSpeechError(speechError)).toBe(speechError);
  const cause = new ModelFormatError('a PNG', 'a TFLite file');
  expect(toSpeechError(cause)).toMatchObject({code: 'model-format', cause});
});
