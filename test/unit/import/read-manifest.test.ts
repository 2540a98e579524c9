import {describe, expect, it} from 'vitest';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';
import type {Manifest} from '../../../src/import/manifest.ts';
import {readManifest} from '../../../src/import/read-manifest.ts';

const digest = '0123456789abcdef'.repeat(4);

const manifest: Manifest = {
  format: 1,
  system: 'deepspeech2',
  precision: 'int8',
  producer: 'earshot 0.1.0',
  source: {name: 'model.pth', bytes: 12, sha256: digest, verified: false, what: 'an unverified file'},
  files: [
    {path: 'model.onnx', bytes: 3, sha256: digest},
    {path: 'model.onnx.data', bytes: 4096, sha256: digest},
  ],
  inputs: [
    {name: 'features', type: 'float32', shape: [1, -1, 161]},
    {name: 'h0', type: 'float32', shape: [1, 1, 800]},
  ],
  outputs: [{name: 'logits', type: 'float32', shape: [1, -1, 29]}],
};

const [model, weights] = manifest.files;
const [features] = manifest.inputs;

describe('a manifest', () => {
  it('is read as it was written', () => {
    expect(readManifest(JSON.stringify(manifest))).toEqual(manifest);
  });

  it('loses what this version does not know', () => {
    expect(readManifest(JSON.stringify({...manifest, later: 1}))).toEqual(manifest);
  });

  it.each([
    ['{', 'a manifest that does not parse'],
    ['[]', 'got [] as a manifest, expected an object'],
    ['{}', 'got format nothing in a manifest, expected 1'],
  ])('is refused where it is %s', (text, message) => {
    expect(() => readManifest(text)).toThrow(ModelFormatError);
    expect(() => readManifest(text)).toThrow(message);
  });

  it.each([
    [{format: 2}, 'got format 2 in a manifest, expected 1'],
    [{system: ''}, 'got system "" in a manifest, expected a text'],
    [{precision: 'int4'}, 'got precision "int4" in a manifest, expected float32 or int8'],
    [{producer: 7}, 'got producer 7'],
    [{source: undefined}, 'as source, expected an object'],
    [{source: {...manifest.source, verified: 1}}, 'got verified 1 in a manifest, expected true or false'],
    [
      {source: {...manifest.source, bytes: -1}},
      'got bytes -1 in a manifest, expected a whole number, 0 or more',
    ],
    [{source: {...manifest.source, sha256: 'ABC'}}, 'expected 64 hexadecimal digits in lower case'],
    [{files: []}, 'got files [] in a manifest, expected a list of 1 to 16'],
    [{files: [model, {...weights, path: '../model.onnx.data'}]}, 'expected a plain file name'],
    [{files: [model, {...weights, path: '/etc/passwd'}]}, 'expected a plain file name'],
    [{files: [model, {...weights, path: '..'}]}, 'expected a plain file name'],
    [{files: [model, model]}, 'got path "model.onnx" in a manifest, expected each file once'],
    [{inputs: [{...features, shape: [1, 0]}]}, 'got shape [1, 0] of features'],
    [
      {inputs: [{...features, shape: '1'}]},
      'got shape of features "1" in a manifest, expected a list of sizes',
    ],
    [{inputs: [{...features, type: 'float16'}]}, 'got type "float16"'],
    [{outputs: {}}, 'got outputs {} in a manifest'],
  ])('is refused with %j', (change, message) => {
    const read = (): Manifest => readManifest(JSON.stringify({...manifest, ...change}));
    expect(read).toThrow(ModelFormatError);
    expect(read).toThrow(message);
  });
});
