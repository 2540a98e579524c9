import {describe, expect, it} from 'vitest';
import {modelTerms, partsOf} from '../../../src/demo/models/model-facts.ts';
import type {ModelEntry} from '../../../src/index.ts';

const nothing: ModelEntry = {
  id: 'wav2vec2-base',
  task: 'transcription',
  isBuiltIn: false,
  isInstalled: false,
  files: [],
  storedBytes: 0,
  importedBytes: 0,
};

describe('what is said to be on this device', () => {
  it.each([
    [{}, 'no'],
    [{storedBytes: 5e6}, 'a part, 5.0 MB'],
    [{isInstalled: true, storedBytes: 5e6}, 'all of it, 5.0 MB'],
    [{isInstalled: true, storedBytes: 5e6, importedBytes: 5e6}, 'all of it, 5.0 MB, imported on this device'],
    [
      {storedBytes: 5e6, importedBytes: 5e6},
      'imported from a file of yours, 5.0 MB: choose that file again, and it is not imported anew',
    ],
  ])('%o is: %s', (change, text) => {
    expect(modelTerms({...nothing, ...change})['On this device']).toBe(text);
  });
});

describe('what a model needs without a connection', () => {
  it('is its engine, and for a transcriber what it writes words with', () => {
    expect(partsOf('micronet-large')).toEqual(['micronet-large', 'integer']);
    expect(partsOf('wav2vec2-base')).toEqual(['wav2vec2-base', 'onnx', 'earshot-ctc']);
    expect(partsOf('earshot-lm')).toEqual([]);
  });
});
