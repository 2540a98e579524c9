import {expect, test} from 'vitest';
import {checkTranscription} from '../../../src/session/check-transcription.ts';
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
  ['earshot-ctc', {decoding: 'best'}, 'got decoding "best", expected one of: beam, greedy'],
  [
    'earshot-ctc',
    {decoding: 'greedy', beamWidth: 8},
    'got beamWidth with the decoding "greedy", expected it only with "beam"',
  ],
  [
    'earshot-ctc',
    {decoding: 'greedy', languageModel: 'built-in'},
    'got languageModel with the decoding "greedy", expected it only with "beam"',
  ],
  ['earshot-ctc', {languageModel: 'mine'}, 'got languageModel "mine", expected "built-in", "none" or a Blob'],
  [
    'earshot-ctc',
    {hotWords: ['Ann', {pronunciation: 'AE N'}]},
    'got the hot word {"pronunciation":"AE N"}, expected a text or {text, pronunciation}',
  ],
  ['wav2vec2-base', {maxUtteranceMs: 37_000}, 'got maxUtteranceMs 37000, expected 2000…36000'],
])('%s with %o is refused before anything is fetched', (systemId, options, message) => {
  expect(() => new Transcriber(systemId, options as TranscriberOptions)).toThrow(new RangeError(message));
});

test('the greedy search goes without a language model, said so or not', () => {
  expect(() => new Transcriber('earshot-ctc', {decoding: 'greedy', languageModel: 'none'})).not.toThrow();
});

test('hot words are copied with their pronunciations, since a proxy cannot be sent', () => {
  const card = {};
  const kwame = new Proxy({text: 'Kwame', pronunciation: 'K W AA M EY'}, {});
  const {hotWords} = checkTranscription({hotWords: ['Ann', kwame]}, card);
  expect(structuredClone(hotWords)).toEqual(['Ann', {text: 'Kwame', pronunciation: 'K W AA M EY'}]);
});

test('a segmentation that nobody knows is refused', async () => {
  const options = {segmentation: 'words'} as unknown as Parameters<Transcriber['transcribe']>[1];
  await expect(new Transcriber('earshot-ctc').transcribe(new Blob(), options)).rejects.toThrow(
    new RangeError('got segmentation "words", expected one of: speech, none'),
  );
});
