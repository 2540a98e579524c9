import {expect, test} from 'vitest';
import type {TranscriberOptions} from '../../../src/session/transcriber-options.ts';
import {Transcriber} from '../../../src/session/transcriber.ts';

test.each<[string, object, string]>([
  ['deepspeech2', {features: 'whole'}, 'got features "whole", expected one of: streaming, utterance'],
  ['deepspeech2', {fullScale: 'int8'}, 'got fullScale "int8", expected one of: int32, int16, unit'],
  [
    'earshot-ctc',
    {fullScale: 'int16'},
    'got fullScale "int16" for earshot-ctc, expected none: it has one scale only',
  ],
  ['wav2vec2-base', {maxUtteranceMs: 31_000}, 'got maxUtteranceMs 31000, expected 2000…30000'],
])('%s with %o is refused before anything is fetched', (systemId, options, message) => {
  expect(() => new Transcriber(systemId, options as TranscriberOptions)).toThrow(new RangeError(message));
});
