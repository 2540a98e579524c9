import {describe, expect, it} from 'vitest';
import {readInt8Npy} from '../../../src/formats/npy.ts';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';
import {writeInt8Npy} from '../../support/npy.ts';

describe('readInt8Npy', () => {
  it.each([[[6]], [[1, 2, 3]], [[3, 2]]])('gives the values of shape %j in order', (shape) => {
    expect([...readInt8Npy(writeInt8Npy([1, -2, 3, -128, 127, 0], {shape}))]).toEqual([
      1, -2, 3, -128, 127, 0,
    ]);
  });

  it.each([
    ['another file', new Uint8Array(200), 'a NumPy array file of version 1'],
    ['nothing', new Uint8Array(0), 'a NumPy array file of version 1'],
    ['another version', writeInt8Npy([1], {version: 2}), 'a NumPy array file of version 1'],
    ['other values', writeInt8Npy([1], {type: '<f4'}), 'int8 values'],
    ['another order', writeInt8Npy([1], {order: 'True'}), 'int8 values'],
    ['too few values', writeInt8Npy([1, 2], {shape: [3]}), 'got 2 values in a NumPy array file, expected 3'],
    ['half a header', writeInt8Npy([1, 2]).subarray(0, 40), 'int8 values'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readInt8Npy(bytes)).toThrow(ModelFormatError);
    expect(() => readInt8Npy(bytes)).toThrow(message);
  });
});
